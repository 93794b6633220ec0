# SPDX-License-Identifier: GPL-2.0-or-later
"""A report for people at a terminal: the headline, the lanes, the verdicts, and what could not be seen."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from appliance import limits
from appliance.events import Device
from appliance.report.headline import Headline, Mood, dates, headline
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.rows import Row, Worth, moment, rows_of
from appliance.report.strip import MARKS, strips
from appliance.report.timeline import Timeline, lay_out
from appliance.report.unseen import not_drawn, not_seen
from appliance.report.words import Kind, counted, local

#: Characters from which on each verdict's destination has a column; below, the ones worth a look have it in a line.
WIDE = 112

#: Things that a device was recognised by, the strongest; the JSON lines have all of them.
EVIDENCE_SHOWN = 3

_COLOURS = {Mood.ALERT: "red", Mood.NOTICE: "yellow", Mood.UNHEARD: "bright_black", Mood.QUIET: "green"}
_LEGEND = {
    Kind.UNEXPLAINED: "nobody asked for it",
    Kind.NOTICE: "worth a look",
    Kind.ASKED: "asked for",
    Kind.CALL: "call",
    Kind.UNHEARD: "no ear could check",
    Kind.SILENT: "name said, nothing sent",
}


class _Sized:
    """Something for rich to print that is made when the width is known."""

    def __init__(self, make: Callable[[int], Iterable[RenderableType]]) -> None:
        self._make = make

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self._make(options.max_width)


def table(report: Report) -> RenderableType:
    """``report`` for rich to print. Every name and host is printed as it is, never as markup."""
    return _Sized(lambda width: _parts(report, width))


def speakers_table(report: Report) -> RenderableType:
    """The devices of ``report``, speakers first: what each was recognised by, and how sure."""
    listed = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    for title in ("Device", "Speaker", "Known by"):
        listed.add_column(title, overflow="fold", no_wrap=title == "Device")
    listed.add_column("Sure", justify="right")
    for device in sorted(report.devices, key=lambda device: (device.speaker is None, device.device)):
        sure = f"{device.confidence:.0%}" if device.speaker else ""
        cells = Text(device.device), _identity(device), _known_by(device), Text(sure)
        listed.add_row(*cells, style="" if device.speaker else "dim")
    speakers = sum(device.speaker is not None for device in report.devices)
    count = Text(f"{counted(speakers, 'speaker')} among {counted(len(report.devices), 'device')}", "bold")
    return Group(listed, count.append(" · simulated household", "yellow") if report.simulated else count)


def _identity(device: Device) -> Text:
    kind = ", ".join(filter(None, [device.speaker, device.model or device.vendor])) or "-"
    return Text.assemble(kind, (f"\n“{device.name}”", "dim") if device.name else "")


def _known_by(device: Device) -> Text:
    left_out = len(device.by) - EVIDENCE_SHOWN
    more = (f"; {left_out} more", "dim") if left_out > 0 else ""
    return Text.assemble("; ".join(device.by[:EVIDENCE_SHOWN]), more)


def _parts(report: Report, width: int) -> Iterator[RenderableType]:
    names = Names(report)
    timeline, rows = lay_out(report, names), list(rows_of(report, names, limits.ROWS_SHOWN))
    yield _panel(report, headline(report, names))
    yield from _lanes(timeline, report, width)
    if rows:
        yield _table(report, sorted(rows, key=lambda row: moment(row.verdict)), width)
        left_out = len(report.verdicts) - len(rows)
        if left_out:
            yield Text(f"{counted(left_out, 'quieter event')} not listed.", "dim")
    yield _unseen(report)


def _panel(report: Report, head: Headline) -> Panel:
    colour = _COLOURS[head.mood]
    title = Text(f" {dates(report) or 'no packets'} ", "dim")
    if report.simulated:
        title.append("· simulated household ", "yellow")
    parts: list[RenderableType] = [Text(head.kicker, colour), Text(head.sentence, "bold")]
    if head.detail:
        parts.append(Text(head.detail))
    return Panel(Group(*parts), title=title, title_align="left", border_style=colour, box=box.ROUNDED, padding=(1, 2))


def _lanes(timeline: Timeline, report: Report, width: int) -> Iterator[Text]:
    if not any(window.lanes for window in timeline.windows):
        return
    windows = timeline.windows[-limits.DAYS_IN_TERMINAL :]
    hidden = len(timeline.windows) - len(windows)
    timeline = replace(timeline, windows=windows, days_left_out=timeline.days_left_out + hidden)
    for window in windows:
        if len(windows) > 1:
            yield Text(f"{local(window.span.start, report.zone):%A %-d %B %Y}", "bold")
        yield from strips(window, width, report.zone)
    kinds = {mark.kind for window in windows for lane in window.lanes for mark in lane.marks}
    legend = Text()
    for kind, meaning in _LEGEND.items():
        if kind in kinds:
            legend.append(f"{MARKS[kind][0]} ", MARKS[kind][1]).append(f"{meaning}   ", "dim")
    yield legend.append(not_drawn(timeline), "dim")


def _table(report: Report, rows: Sequence[Row], width: int) -> Table:
    verdicts = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    days = [local(moment(row.verdict), report.zone) for row in rows]
    form = (
        "%-d %b %Y  %H:%M:%S"
        if days[0].year != days[-1].year
        else "%-d %b  %H:%M:%S"
        if days[0].date() != days[-1].date()
        else "%H:%M:%S"
    )
    for title in ("Time", "Speaker", "What happened"):
        verdicts.add_column(title, no_wrap=title == "Time", overflow="fold")
    for title in ("Sent", "For", "Sure"):
        verdicts.add_column(title, justify="right", no_wrap=True)
    if width >= WIDE:
        verdicts.add_column("To", overflow="fold")
    for row, when in zip(rows, days, strict=True):
        cells = [Text(f"{when:{form}}"), Text(row.name), _happened(row, width), Text(row.sent), Text(row.lasted)]
        verdicts.add_row(*cells, Text(row.confidence), *([_destination(row)] if width >= WIDE else []))
    return verdicts


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
