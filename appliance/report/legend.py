# SPDX-License-Identifier: GPL-2.0-or-later
"""What the shapes on the lanes mean: those that occur, and the ones that the whole is about."""

from collections.abc import Iterator
from typing import NamedTuple

from appliance.language import later, translate
from appliance.report.marks import mark_shape, speech_shape, wake_shape
from appliance.report.svg import Svg, group, tag
from appliance.report.timeline import Timeline
from appliance.report.words import Kind

#: A symbol is drawn on a field this large, in pixels.
FIELD = 20.0

_TEXTS = {
    Kind.UNEXPLAINED: later("Upload nobody asked for"),
    Kind.NOTICE: later("Worth a look"),
    Kind.ASKED: later("Upload that was asked for"),
    Kind.CALL: later("Call"),
    Kind.UNHEARD: later("Upload no ear could check"),
    Kind.SILENT: later("Name said, nothing sent"),
}
#: Top, width and height of a symbol that does not stand on a field of its own size.
_PLACES = {Kind.UNEXPLAINED: (6.5, 0.0, 11.5), Kind.CALL: (-5.0, 10.0, 22.0), Kind.SILENT: (-8.0, 0.0, 30.0)}
_ALWAYS = {Kind.UNEXPLAINED, Kind.ASKED}


class Entry(NamedTuple):
    """One symbol and what it means."""

    symbol: Svg
    text: str


def legend(timeline: Timeline) -> Iterator[Entry]:
    """The entries that ``timeline`` needs."""
    lanes = [lane for window in timeline.windows for lane in window.lanes]
    kinds = _ALWAYS | {mark.kind for lane in lanes for mark in lane.marks}
    for kind, text in _TEXTS.items():
        if kind in kinds:
            yield Entry(mark_shape(kind, 8.0, *_PLACES.get(kind, (-2.0, 0.0, 20.0))), translate(text))
    if any(lane.wakes for lane in lanes):
        yield Entry(wake_shape(8.0, 5.5, 26.0, near_miss=False), translate("Wake word heard"))
    if any(wake.near_miss for lane in lanes for wake in lane.wakes):
        yield Entry(wake_shape(8.0, 5.5, 26.0, near_miss=True), translate("Nearly a wake word"))
    if any(lane.speech for lane in lanes):
        yield Entry(speech_shape(2.0, 4.0, 13.0, 13.0), translate("People talked"))
    if any(lane.blind for lane in lanes):
        yield Entry(_blind(), translate("No ear was listening"))


def _blind() -> Svg:
    lines = tag("path", class_="hatch", d="M2 10L8 4M2 16L14 4M8 17L15 10")
    return group(tag("rect", class_="lane", x=2.0, y=4.0, width=13.0, height=13.0, rx=3), lines)
