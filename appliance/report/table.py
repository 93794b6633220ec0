# SPDX-License-Identifier: GPL-2.0-or-later
"""A report for people at a terminal: the headline, the lanes, the verdicts, and what could not be seen."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from appliance import limits
from appliance.report.headline import Headline, Mood, headline
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.picture import dates
from appliance.report.rows import Row, Worth, moment, rows_of
from appliance.report.strip import MARKS, strips
from appliance.report.timeline import Timeline, lay_out
from appliance.report.unseen import not_seen
from appliance.report.words import Kind, counted, local

#: Characters from which on each verdict's destination has a column; below, the ones worth a look have it in a line.
WIDE = 112

_COLOURS = {Mood.ALERT: "red", Mood.NOTICE: "yellow", Mood.UNHEARD: "bright_black", Mood.QUIET: "green"}
_LEGEND = {
    Kind.UNEXPLAINED: "nobody asked for it",
    Kind.NOTICE: "worth a look",
    Kind.ASKED: "asked for",
    Kind.CALL: "call",
    Kind.UNHEARD: "no ear could check",
    Kind.SILENT: "name said, nothing sent",
}


def show(report: Report, console: Console) -> None:
    """Print ``report``. Every name and host is printed as it is, never as markup."""
    names = Names(report)
    timeline, rows = lay_out(report, names), list(rows_of(report, names, limits.ROWS_SHOWN))
    console.print(_panel(report, headline(report, names)))
    for part in _lanes(timeline, report, console.width):
        console.print(part, soft_wrap=False)
    if rows:
        console.print(_table(report, sorted(rows, key=lambda row: moment(row.verdict)), console.width))
        left_out = len(report.verdicts) - len(rows)
        if left_out:
            console.print(Text(f"{counted(left_out, 'quieter event')} not listed.", "dim"))
    console.print(_unseen(report))


def _panel(report: Report, head: Headline) -> Panel:
    colour = _COLOURS[head.mood]
    title = Text(f" {dates(report)} ", "dim")
    if report.simulated:
        title.append("· simulated household ", "yellow")
    parts: list[RenderableType] = [Text(head.kicker, colour), Text(head.sentence, "bold")]
    if head.detail:
        parts.append(Text(head.detail))
    return Panel(Group(*parts), title=title, title_align="left", border_style=colour, box=box.ROUNDED, padding=(1, 2))


def _lanes(timeline: Timeline, report: Report, width: int) -> Iterator[Text]:
    if not any(window.lanes for window in timeline.windows):
        return
    for window in timeline.windows:
        if len(timeline.windows) > 1:
            yield Text(f"{local(window.span.start, report.zone):%A %-d %B}", "bold")
        yield from strips(window, width, report.zone)
    kinds = {mark.kind for window in timeline.windows for lane in window.lanes for mark in lane.marks}
    legend = Text()
    for kind, meaning in _LEGEND.items():
        if kind in kinds:
            legend.append(f"{MARKS[kind][0]} ", MARKS[kind][1]).append(f"{meaning}   ", "dim")
    yield legend


def _table(report: Report, rows: Sequence[Row], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    several_days = len({row.day for row in rows}) > 1
    for title in ("Time", "Speaker", "What happened"):
        table.add_column(title, no_wrap=title == "Time", overflow="fold")
    for title in ("Sent", "For", "Sure"):
        table.add_column(title, justify="right", no_wrap=True)
    if width >= WIDE:
        table.add_column("To", overflow="fold")
    for row in rows:
        when = f"{local(moment(row.verdict), report.zone):%a %-d} {row.clock}" if several_days else row.clock
        cells = [Text(when), Text(row.name), _happened(row, width), Text(row.sent), Text(row.lasted)]
        table.add_row(*cells, Text(row.confidence), *([_destination(row)] if width >= WIDE else []))
    return table


def _happened(row: Row, width: int) -> Text:
    mark, style = MARKS[row.kind]
    happened = Text.assemble((f"{mark} ", style), (row.happened, "" if row.worth is Worth.FINE else style))
    if width < WIDE and row.worth is Worth.LOOK and row.destination:
        happened.append("\nto ", "dim").append_text(_destination(row))
    return happened


def _destination(row: Row) -> Text:
    upload = row.verdict.upload
    return Text.assemble(row.destination, (f" ({upload.host_by})", "dim")) if upload else Text()


def _unseen(report: Report) -> Group:
    sentences = [Text("· ", "dim").append(sentence, "") for sentence in not_seen(report)]
    return Group(Text("What this could not see", "bold"), *sentences)
