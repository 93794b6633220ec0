# SPDX-License-Identifier: GPL-2.0-or-later
"""A speaker's days as bars: what was asked for, what it misheard, what nobody explained."""

from collections.abc import Sequence
from datetime import tzinfo
from math import ceil

from appliance.diary.history import Day
from appliance.report.svg import Svg, group, tag
from web.language import short_day

_HEIGHT, _FLOOR, _TOP, _LEFT = 170.0, 140.0, 12.0, 30.0
_WIDTHS = {"wide": 860.0, "narrow": 320.0}


def bars(days: Sequence[Day], zone: tzinfo, label: str) -> list[Svg]:
    """Return the chart, for wide pages and for narrow ones; its table says the same."""
    return [_chart(days, zone, label, name, width) for name, width in _WIDTHS.items()]


def _chart(days: Sequence[Day], zone: tzinfo, label: str, name: str, width: float) -> Svg:
    most = _round(max((each.uploads for each in days), default=0))
    step = (width - _LEFT) / max(len(days), 1)
    drawn = [_day(each, _LEFT + place * step, step, most) for place, each in enumerate(days)]
    box = f"0 0 {width:.0f} {_HEIGHT:.0f}"
    return tag(
        "svg",
        *_scale(most, width),
        *drawn,
        *_dates(days, zone, step, width),
        class_=f"picture chart {name}",
        viewBox=box,
        role="img",
        aria_label=label,
    )


def _day(day: Day, left: float, step: float, most: int) -> Svg:
    """Draw one day: from the floor up what was asked for, what was misheard, what nobody explained."""
    width = max(2.0, step * 0.68)
    asked = day.uploads - day.misheard - day.unexplained
    parts, at = [], _FLOOR
    for kind, count in (("asked", asked), ("notice", day.misheard), ("unexplained", day.unexplained)):
        height = (_FLOOR - _TOP) * max(count, 0) / most
        if height:
            at -= height
            parts.append(tag("rect", class_=kind, x=left, y=at, width=width, height=height, rx=min(2.0, height / 2)))
    if day.unexplained:  # colour is never the only sign
        middle = left + width / 2
        parts.append(tag("path", class_="unexplained", d=f"M{middle:.1f} {at - 9:.1f}l4 6h-8z"))
    return group(*parts)


def _scale(most: int, width: float) -> list[Svg]:
    lines = []
    for count in (0, most // 2, most) if most > 1 else (0, most):
        at = _FLOOR - (_FLOOR - _TOP) * count / most
        lines.append(tag("path", class_="grid", d=f"M{_LEFT:.0f} {at:.1f}H{width:.0f}"))
        lines.append(tag("text", str(count), class_="small", x=_LEFT - 6, y=at + 4, text_anchor="end"))
    return lines


def _dates(days: Sequence[Day], zone: tzinfo, step: float, width: float) -> list[Svg]:
    every = max(1, ceil(64 / step))
    return [
        tag("text", short_day(each.start, zone), class_="small", x=_LEFT + place * step, y=_HEIGHT - 10)
        for place, each in enumerate(days)
        if place % every == 0 and _LEFT + place * step < width - 24
    ]


def _round(most: int) -> int:
    """Return a round figure that no bar is above."""
    for step in (2, 4, 10, 20, 40, 100, 200, 400, 1000):
        if most <= step:
            return step
    return ceil(most / 1000) * 1000
