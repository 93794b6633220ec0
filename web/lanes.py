# SPDX-License-Identifier: GPL-2.0-or-later
"""The lanes of a day: as data and words for the script that zooms them, and drawn for those without one."""

from collections.abc import Iterable
from dataclasses import dataclass

from appliance.diary.day import Told
from appliance.language import later, spoken, translate
from appliance.report.cards import Card
from appliance.report.lanes import NARROW, WIDE, Layout, draw
from appliance.report.legend import Entry as Sign
from appliance.report.legend import legend
from appliance.report.names import Names
from appliance.report.standalone import describe
from appliance.report.svg import Svg, tag
from appliance.report.timeline import Mark, Timeline, Window
from appliance.report.unseen import not_drawn
from appliance.report.words import Kind, happened_in_words, verdicts_of
from web.items import address_of

#: Height of the axis that the script draws, in pixels.
_AXIS = 36.0
#: What the script says of the place that one points at.
_SENTENCES = {
    "mark": later("{name}, {time}, {size}: {what}"),
    "nothing": later("{name}, {time}: {what}"),
    "others": later("Zoom in to see {count} more here."),
    "range": later("{start} to {end}"),
    "whole": later("The whole day"),
    "wake": later("{time}: an ear heard “{word}”, score {score}"),
    "near": later("{time}: an ear nearly heard “{word}”, score {score}"),
    "speech": later("{start} to {end}: people talked"),
    "blind": later("{start} to {end}: no ear was listening"),
    "sent": later("{size}: {what}"),
    "unwatched": later("Nothing was captured here."),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One day's lanes; ``heights`` in pixels, of the wide and of the narrow one, stay free until they are drawn."""

    label: str
    drawing: Svg
    heights: tuple[float, float]
    legend: tuple[Sign, ...]
    left_out: str


def picture(told: Told, timeline: Timeline, window: Window) -> Picture:
    """Return the lanes of one ``window`` of what was told."""
    one = Timeline([window], 0, timeline.lanes_left_out)
    label = describe(told.report, one)
    return Picture(
        label=label,
        drawing=_drawn(told, one, label),
        heights=(_height(window, WIDE), _height(window, NARROW)),
        legend=tuple(legend(one)),
        left_out=not_drawn(one),
    )


def _height(window: Window, layout: Layout) -> float:
    return len(window.lanes) * (layout.height + layout.above) + _AXIS


def _drawn(told: Told, timeline: Timeline, label: str) -> Svg:
    addresses = {id(entry.verdict): address_of(entry) for entry in told.entries}

    def link(mark: Mark) -> str:
        return addresses[id(mark.verdicts[0])]

    drawing = draw(timeline, WIDE, told.report.zone, link)
    box = f"-4 0 {WIDE.width + 8:.0f} {drawing.height:.0f}"
    return tag("svg", drawing.body, class_="picture", viewBox=box, role="group", aria_label=label)


def words(names: Names, devices: Iterable[str], drawn: Picture | None) -> dict[str, object]:
    """Return the words of the scripts; what stands in braces they fill in."""
    return {
        "label": drawn.label if drawn else "",
        "names": {device: names.of(device) for device in devices},
        "verdicts": happened_in_words(),
        "kinds": {verdict: kind for kind in Kind for verdict in verdicts_of(kind)},
        "units": {unit: translate(unit) for unit in ("GB", "MB", "kB", "B")},
        **{name: spoken().text(sentence) for name, sentence in _SENTENCES.items()},
    }


def shares(shown: Card) -> Svg:
    """Return how a speaker's uploads divide into kinds, as one bar."""
    whole = sum(count for _, count in shown.shares)
    parts, at = [], 0.0
    for kind, count in shown.shares:
        width = 100.0 * count / whole
        parts.append(tag("rect", class_=kind, x=at, y=0, width=max(1.0, width - 0.6), height=6))
        at += width
    return tag("svg", *parts, class_="shares", viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true")
