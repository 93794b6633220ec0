# SPDX-License-Identifier: GPL-2.0-or-later
"""When ears listened, as one strip each: filled where it heard everything, grey where it did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from appliance.language import translate
from appliance.report.spans import Span
from appliance.report.svg import Svg, group, shortened, tag
from appliance.report.ticks import ticks

_ROW, _BAR, _TOP, _FOOT = 34.0, 16.0, 4.0, 22.0


@dataclass(frozen=True, slots=True)
class _Shape:
    """One drawing: its name, its width, that of names, and how many ticks it has room for."""

    name: str
    width: float
    left: float
    ticks: int
    day: Span
    zone: tzinfo

    def at(self, time: float) -> float:
        """Return where a moment of the day is."""
        return self.left + (self.width - self.left) * (time - self.day.start) / (self.day.end - self.day.start)

    def bar(self, kind: str, span: Span, top: float) -> Svg:
        """Return a stretch of time; none is too short to be seen."""
        start = self.at(span.start)
        return tag("rect", class_=kind, x=start, y=top, width=max(0.6, self.at(span.end) - start), height=_BAR)


def strip(ears: Mapping[str, Sequence[Span]], watched: Sequence[Span], day: Span, zone: tzinfo) -> list[Svg]:
    """Return the strips of a day, for wide pages and for narrow ones; ``watched``: when the network was."""
    shapes = (_Shape("wide", 860.0, 150.0, 12, day, zone), _Shape("narrow", 320.0, 118.0, 4, day, zone))
    return [_drawn(ears, watched, shape) for shape in shapes] if ears else []


def _drawn(ears: Mapping[str, Sequence[Span]], watched: Sequence[Span], shape: _Shape) -> Svg:
    height = _TOP + len(ears) * _ROW + _FOOT
    rows: list[Svg] = []
    for place, (name, spans) in enumerate(sorted(ears.items())):
        top = _TOP + place * _ROW
        rows.append(tag("text", shortened(name, shape.left - 10, 7.4), class_="name", x=0, y=top + _BAR - 3))
        rows.append(shape.bar("lane", shape.day, top))
        rows.append(group(*(shape.bar("blind", each, top) for each in watched)))
        rows.append(group(*(shape.bar("heard", each, top) for each in spans)))
    return tag(
        "svg",
        *rows,
        *_clock(shape, height - 6),
        class_=f"picture chart {shape.name}",
        viewBox=f"0 0 {shape.width:.0f} {height:.0f}",
        role="img",
        aria_label=translate("When each ear listened. The table below says the same."),
    )


def _clock(shape: _Shape, at: float) -> list[Svg]:
    return [
        tag("text", each.label, class_="small", x=shape.at(each.time), y=at, text_anchor="middle")
        for each in ticks(shape.day, shape.ticks, shape.zone)
        if shape.day.start < each.time < shape.day.end
    ]
