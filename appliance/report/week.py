# SPDX-License-Identifier: GPL-2.0-or-later
"""A week as one small picture: a column for each day, how many uploads there were, and how many nothing explained."""

from collections.abc import Sequence
from typing import NamedTuple

from appliance.language import spoken, translate
from appliance.report.palette import Theme, style_of_pictures
from appliance.report.svg import Svg, group, tag

WIDTH, HEIGHT = 640.0, 320.0
_LEFT, _TOP, _FLOOR = 40.0, 96.0, 250.0
_COLUMN = 44.0


class Day(NamedTuple):
    """One day."""

    label: str  #: "Mo"
    uploads: int
    unexplained: int  #: of them


def picture(days: Sequence[Day], theme: Theme = "light") -> Svg:
    """Return the days as SVG in the colours of ``theme``."""
    highest = max(1, *(day.uploads for day in days))
    step = (WIDTH - 2 * _LEFT) / len(days)
    columns = (_column(day, _LEFT + step * (place + 0.5), highest) for place, day in enumerate(days))
    title = translate("The week")
    return tag(
        "svg",
        tag("title", title),
        tag("style", Svg(style_of_pictures(theme))),
        tag("rect", class_="paper", width=WIDTH, height=HEIGHT),
        tag("text", title, class_="title", x=_LEFT, y=52.0),
        group(*columns),
        tag("line", class_="grid", x1=_LEFT, x2=WIDTH - _LEFT, y1=_FLOOR, y2=_FLOOR),
        _legend(),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
    )


def _column(day: Day, middle: float, highest: int) -> Svg:
    """One day: what was explained above what was not, their number on top, the day below."""
    whole, red = ((_FLOOR - _TOP) * count / highest for count in (day.uploads, day.unexplained))
    left, top = middle - _COLUMN / 2, _FLOOR - whole
    shapes = [
        tag("rect", class_=kind, x=left, y=y, width=_COLUMN, height=height, rx=min(4.0, height / 2))
        for kind, y, height in (("asked", top, whole - red), ("unexplained", _FLOOR - red, red))
        if height > 0
    ]
    number = tag("text", spoken().number(day.uploads), class_="name", x=middle, y=top - 8, text_anchor="middle")
    label = tag("text", day.label, class_="small", x=middle, y=_FLOOR + 20, text_anchor="middle")
    return group(*shapes, number, label)


def _legend() -> Svg:
    y = HEIGHT - 22
    said = (("asked", translate("explained, or not to be checked")), ("unexplained", translate("unexplained")))
    marks, x = [], _LEFT
    for kind, words in said:
        marks.append(tag("rect", class_=kind, x=x, y=y - 10, width=11.0, height=11.0, rx=2.0))
        marks.append(tag("text", words, class_="small", x=x + 18, y=y))
        x += 42 + 6.4 * len(words)
    return group(*marks)
