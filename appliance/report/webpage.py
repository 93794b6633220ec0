# SPDX-License-Identifier: GPL-2.0-or-later
"""A report as one HTML page that needs nothing else: no script, no network, its font inside."""

import base64
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from appliance import __version__, limits
from appliance.events import Verdict
from appliance.report.cards import card
from appliance.report.closeup import close_up
from appliance.report.headline import dates, headline
from appliance.report.lanes import Layout, draw, narrow, wide
from appliance.report.legend import legend
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.palette import DARK, LIGHT, properties, style_in_pages
from appliance.report.rows import Row, Worth, by_day, moment, rows_of
from appliance.report.standalone import EAR, describe
from appliance.report.svg import Svg, tag
from appliance.report.timeline import Mark, Timeline, lane_at, lay_out
from appliance.report.unseen import not_drawn, not_seen
from appliance.report.words import counted, seconds, size, words_for

HERE = Path(__file__).parent


def page(report: Report) -> str:
    """``report`` as a page of HTML."""
    names = Names(report)
    timeline = lay_out(report, names)
    rows = list(rows_of(report, names, limits.VERDICTS_SHOWN))
    anchors = {row.verdict: row.anchor for row in rows if row.worth is Worth.LOOK}
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("report.html").render(
        report=report,
        head=headline(report, names),
        dates=dates(report),
        style=_style(),
        pictures=[_lanes(report, timeline, layout, anchors) for layout in (wide(timeline), narrow(timeline))],
        legend=list(legend(timeline)),
        timeline=timeline,
        cards=[card(report, names, lane.device) for lane in timeline.windows[0].lanes],
        worth_a_look=[row for row in rows if row.worth is Worth.LOOK],
        fine=by_day([row for row in rows if row.worth is Worth.FINE]),
        unchecked=by_day([row for row in rows if row.worth is Worth.UNCHECKED]),
        close_ups=_close_ups(report, timeline, rows),
        rows=sorted(rows, key=lambda row: moment(row.verdict)),
        left_out=len(report.verdicts) - len(rows),
        not_seen=list(not_seen(report)),
        not_drawn=not_drawn(timeline),
        rules=", ".join(sorted({verdict.rules for verdict in report.verdicts})),
        version=__version__,
        ear=EAR,
        counted=counted,
        size=size,
        seconds=seconds,
    )


def _style() -> Svg:
    font = base64.b64encode((HERE / "fonts/figtree.woff2").read_bytes()).decode()
    face = (
        f'@font-face{{font-family:Figtree;font-weight:300 900;src:url("data:font/woff2;base64,{font}")format("woff2")}}'
    )
    light, dark = properties(LIGHT), properties(DARK)
    themes = (
        f":root{{{light}}}:root:has(#dark:checked){{{dark}color-scheme:dark}}:root:has(#light:checked){{color-scheme:light}}"
        f"@media(prefers-color-scheme:dark){{:root:not(:has(#light:checked)){{{dark}color-scheme:dark}}}}"
        f"@media print{{:root:root:root{{{light}}}}}"
    )
    own = (HERE / "templates/report.css").read_text()
    return Svg(f"{face}{themes}{style_in_pages()}{own}")


def _lanes(report: Report, timeline: Timeline, layout: Layout, anchors: dict[Verdict, str]) -> Svg:
    def link(mark: Mark) -> str | None:
        anchor = anchors.get(mark.verdicts[0])
        return f"#{anchor}" if anchor else None

    drawing = draw(timeline, layout, report.zone, link)
    return tag(
        "svg",
        drawing.body,
        class_=f"picture {layout.name}",
        viewBox=f"-4 0 {layout.width + 8:.0f} {drawing.height:.0f}",
        role="group",
        aria_label=describe(report, timeline),
    )


def _close_ups(report: Report, timeline: Timeline, rows: Sequence[Row]) -> dict[str, Svg]:
    worth = [row for row in rows if row.worth is Worth.LOOK and report.listened][: limits.CLOSE_UPS_SHOWN]
    drawn = {row.anchor: _close_up(report, timeline, row.verdict) for row in worth}
    return {anchor: picture for anchor, picture in drawn.items() if picture}


def _close_up(report: Report, timeline: Timeline, verdict: Verdict) -> Svg | None:
    lane = lane_at(timeline, verdict.device, moment(verdict))
    if lane is None or verdict.upload is None:
        return None
    return close_up(verdict.upload, lane, words_for(verdict).kind, report.zone)
