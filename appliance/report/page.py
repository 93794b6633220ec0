# SPDX-License-Identifier: GPL-2.0-or-later
"""A report as one HTML page that needs nothing else: no script, no network, its font inside."""

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from appliance import __version__, limits
from appliance.events import Device, Tell, Upload, Verdict
from appliance.report.closeup import close_up
from appliance.report.headline import headline, worst_first
from appliance.report.lanes import Layout, draw, narrow, wide
from appliance.report.legend import legend
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.palette import DARK, LIGHT, properties, style_in_pages
from appliance.report.picture import EAR, dates, describe
from appliance.report.svg import Svg, tag
from appliance.report.timeline import Lane, Mark, Timeline, lay_out
from appliance.report.unseen import not_seen
from appliance.report.words import Kind, counted, destination, local, proof_in_words, seconds, size, words_for

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict, in words."""

    anchor: str
    verdict: Verdict
    kind: Kind
    name: str
    day: str
    clock: str
    happened: str
    sent: str
    lasted: str
    destination: str
    known_by: str
    confidence: str
    close_up: Svg | None


@dataclass(frozen=True, slots=True)
class Card:
    """One speaker, in words."""

    name: str
    state: Kind
    pill: str
    figure: int
    sentence: str
    shares: Sequence[tuple[Kind, int]]
    facts: Sequence[tuple[str, str]]


def page(report: Report) -> str:
    """``report`` as a page of HTML."""
    names = Names(report)
    timeline = lay_out(report, names)
    rows = list(_rows(report, names, timeline))
    anchors = {row.verdict: row.anchor for row in rows}
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
        cards=[_card(report, names, lane.device, lane.name) for lane in timeline.windows[0].lanes],
        worth_a_look=[row for row in rows if row.verdict.tell is not Tell.NOBODY],
        fine=_by_day([row for row in rows if row.verdict.tell is Tell.NOBODY]),
        rows=sorted(rows, key=lambda row: row.verdict.time),
        left_out=len(report.verdicts) - len(rows),
        not_seen=list(not_seen(report)),
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
        tag("title", "What each speaker sent, and what was heard"),
        tag("desc", describe(report, timeline)),
        drawing.body,
        class_=f"picture {layout.name}",
        viewBox=f"-4 0 {layout.width + 8:.0f} {drawing.height:.0f}",
        role="img",
    )


def _rows(report: Report, names: Names, timeline: Timeline) -> Iterator[Row]:
    shown = sorted(report.verdicts, key=worst_first)[: limits.VERDICTS_SHOWN]
    for index, verdict in enumerate(shown):
        drawn = index < limits.CLOSE_UPS_SHOWN and verdict.tell is not Tell.NOBODY
        yield _row(report, names, verdict, f"v{index + 1}", _close_up(report, timeline, verdict) if drawn else None)


def _row(report: Report, names: Names, verdict: Verdict, anchor: str, picture: Svg | None) -> Row:
    words, upload = words_for(verdict), verdict.upload
    when = local(moment(verdict), report.zone)
    return Row(
        anchor=anchor,
        verdict=verdict,
        kind=words.kind,
        name=names.of(verdict.device) if verdict.device else "unknown",
        day=f"{when:%A %-d %B}",
        clock=f"{when:%H:%M:%S}",
        happened=words.happened,
        sent=size(upload.bytes_up) if upload else "nothing",
        lasted=seconds(_lasted(upload)) if upload else "",
        destination=destination(upload) if upload else "",
        known_by=proof_in_words(upload.host_by) if upload else "",
        confidence=f"{verdict.confidence:.0%}",
        close_up=picture,
    )


def moment(verdict: Verdict) -> float:
    """When that happened which a verdict is about."""
    if verdict.upload:
        return verdict.upload.started_at
    return verdict.wake.time if verdict.wake else verdict.time


def _lasted(upload: Upload) -> float:
    return (upload.time if upload.ended_at is None else upload.ended_at) - upload.started_at


def _close_up(report: Report, timeline: Timeline, verdict: Verdict) -> Svg | None:
    lane = _lane_of(timeline, verdict)
    if lane is None or verdict.upload is None:
        return None
    return close_up(verdict.upload, lane, words_for(verdict).kind, report.zone)


def _lane_of(timeline: Timeline, verdict: Verdict) -> Lane | None:
    for window in timeline.windows:
        if window.span.start <= moment(verdict) <= window.span.end:
            return next((lane for lane in window.lanes if lane.device == verdict.device), None)
    return None


def _by_day(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    days: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: moment(row.verdict)):
        days.setdefault(row.day, []).append(row)
    return list(days.items())


def _card(report: Report, names: Names, device: str, name: str) -> Card:
    verdicts = [verdict for verdict in report.verdicts if verdict.device == device and verdict.upload]
    uploads = [upload for upload in report.uploads if upload.flow.device == device]
    kinds = Counter(words_for(verdict).kind for verdict in verdicts)
    state, pill, figure, sentence = _state(kinds, len(uploads))
    return Card(
        name=name,
        state=state,
        pill=pill,
        figure=figure,
        sentence=sentence,
        shares=[(kind, kinds[kind]) for kind in Kind if kinds[kind]],
        facts=list(_facts(names.device(device), uploads)),
    )


def _state(kinds: Counter[Kind], uploads: int) -> tuple[Kind, str, int, str]:
    of_all = f"of {counted(uploads, 'upload')}"
    if kinds[Kind.UNEXPLAINED]:
        return Kind.UNEXPLAINED, "look", kinds[Kind.UNEXPLAINED], f"unexplained {of_all}"
    if kinds[Kind.NOTICE]:
        return Kind.NOTICE, "notice", kinds[Kind.NOTICE], f"worth a look {of_all}"
    if kinds[Kind.UNHEARD]:
        return Kind.UNHEARD, "unheard", kinds[Kind.UNHEARD], f"unheard {of_all}"
    return Kind.ASKED, "fine", uploads, "uploads, each with a reason" if uploads else "uploads"


def _facts(device: Device | None, uploads: Sequence[Upload]) -> Iterator[tuple[str, str]]:
    if device and (device.model or device.vendor):
        yield "Model", device.model or device.vendor or ""
    if uploads:
        yield "Sent", size(sum(upload.bytes_up for upload in uploads))
        hosts = Counter(destination(upload) for upload in uploads).most_common()
        yield "To", hosts[0][0] + (f" and {len(hosts) - 1} more" if len(hosts) > 1 else "")
    if device and device.by:
        yield "Known by", f"{device.by[0]} ({device.confidence:.0%})"
