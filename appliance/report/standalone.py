# SPDX-License-Identifier: GPL-2.0-or-later
"""A report as one picture: the headline, the day lanes and their legend, as SVG that stands alone."""

from collections.abc import Iterator
from textwrap import wrap

from appliance.language import counted, translate
from appliance.report.headline import Headline, dates, headline
from appliance.report.lanes import draw, wide
from appliance.report.legend import Entry, legend
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.palette import Theme, style_of_pictures
from appliance.report.svg import Svg, group, tag
from appliance.report.timeline import Timeline, lay_out
from appliance.report.unseen import not_drawn
from appliance.report.words import size

WIDTH = 1060.0
MARGIN = 40.0
#: Characters of the headline that fit one line at its size.
TITLE_CHARACTERS = 74

#: An ear, drawn on a field of 24 by 24.
EAR = "M6 9a6 6 0 0 1 12 0c0 3-2 4-3 6s-1 5-4 5a3 3 0 0 1-3-2M9.5 9.5a2.5 2.5 0 0 1 5 0c0 1.5-1.5 2-1.5 3.5"


def picture(report: Report, theme: Theme = "auto") -> str:
    """``report`` as SVG in the colours of ``theme``; ``auto`` follows the setting of whoever looks at it."""
    names = Names(report)
    timeline, head = lay_out(report, names), headline(report, names)
    top, y = _head(report, head)
    drawing = draw(timeline, wide(timeline), report.zone)
    key, key_height = _legend(legend(timeline), MARGIN, y + drawing.height + 26)
    height = y + drawing.height + key_height + 44
    rest = tag("text", not_drawn(timeline), class_="small", x=WIDTH - MARGIN, y=height - 30, text_anchor="end")
    frame = {"x": 12.0, "y": 12.0, "width": WIDTH - 24, "height": height - 24, "rx": 18.0}
    return tag(
        "svg",
        tag("title", head.sentence, id="title"),
        tag("desc", describe(report, timeline), id="desc"),
        tag("style", Svg(style_of_pictures(theme))),
        tag("rect", class_="paper", width="100%", height="100%"),
        tag("rect", class_="card", **frame),
        tag("rect", class_="edge", **frame),
        top,
        group(drawing.body, transform=f"translate({MARGIN} {y:.1f})"),
        key,
        rest,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:.0f} {height:.0f}",
        width=WIDTH,
        height=f"{height:.0f}",
        role="img",
        aria_labelledby="title desc",
    )


def describe(report: Report, timeline: Timeline) -> str:
    """The picture in words, for those who do not see it."""
    lanes: dict[str, list[int]] = {}
    for window in timeline.windows:
        for lane in window.lanes:
            lanes.setdefault(lane.name, []).extend(len(mark.verdicts) for mark in lane.marks)
    said = "; ".join(_lane_in_words(name, sum(marks)) for name, marks in lanes.items())
    made_up = translate("Simulated household.") + " " if report.simulated else ""
    sent = size(sum(upload.bytes_up for upload in report.uploads))
    told = counted(
        len(report.uploads),
        "{count} upload, {size}, {dates}.",
        "{count} uploads, {size}, {dates}.",
        size=sent,
        dates=dates(report),
    )
    return f"{made_up}{told} {said or translate('No speaker')}."


def _lane_in_words(name: str, events: int) -> str:
    return counted(events, "{name}: {count} event", "{name}: {count} events", name=name)


def _head(report: Report, head: Headline) -> tuple[Svg, float]:
    ear = tag("path", class_="ear", d=EAR, transform=f"translate({MARGIN - 3} 34)", stroke_linecap="round")
    parts = [ear, tag("text", "Earwitness", class_="name", x=MARGIN + 26, y=51.0)]
    parts.append(tag("text", dates(report), class_="small", x=WIDTH - MARGIN, y=51.0, text_anchor="end"))
    if report.simulated:
        parts.append(tag("rect", class_="pill", x=MARGIN + 112, y=34.0, width=150.0, height=25.0, rx=12.5))
        parts.append(
            tag(
                "text",
                translate("Simulated household"),
                class_="pill-text",
                x=MARGIN + 187,
                y=51.0,
                text_anchor="middle",
            )
        )
    parts.append(tag("text", head.kicker, class_=f"kicker mood-{head.mood}", x=MARGIN, y=96.0))
    y = 128.0
    for line in wrap(head.sentence, TITLE_CHARACTERS):
        parts.append(tag("text", line, class_="title", x=MARGIN, y=y))
        y += 32.0
    return group(*parts), y - 18.0


def _legend(entries: Iterator[Entry], x: float, y: float) -> tuple[Svg, float]:
    parts, left, top = [], x, y
    for entry in entries:
        width = 38 + len(entry.text) * 6.3
        if left + width > WIDTH - MARGIN and left > x:
            left, top = x, top + 24
        parts.append(group(entry.symbol, transform=f"translate({left:.1f} {top - 14:.1f})"))
        parts.append(tag("text", entry.text, class_="small", x=left + 22, y=top + 1.0))
        left += width
    return group(*parts), top - y + 24
