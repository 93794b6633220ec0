# SPDX-License-Identifier: GPL-2.0-or-later
"""The day lanes for a terminal: one character for each stretch of time."""

from collections.abc import Iterator
from datetime import tzinfo

from rich.text import Text

from appliance.report.spans import Span
from appliance.report.svg import shortened
from appliance.report.ticks import ticks
from appliance.report.timeline import Lane, Window
from appliance.report.words import Kind

#: Character and style of each kind of mark; where several meet, the last of these is shown.
MARKS = {
    Kind.SILENT: ("×", "dim"),  # noqa: RUF001 - a cross
    Kind.UNHEARD: ("▯", "dim"),
    Kind.ASKED: ("▮", "blue"),
    Kind.CALL: ("▄", "magenta"),
    Kind.NOTICE: ("◆", "yellow"),
    Kind.UNEXPLAINED: ("▲", "bold red"),
}
GROUND, SPEECH = ("─", "bright_black"), ("━", "cyan")
BLIND = ("╱", "bright_black")  # noqa: RUF001 - hatching
#: Columns for names.
LABEL = 20


def strips(window: Window, width: int, zone: tzinfo | None) -> Iterator[Text]:
    """A line for each lane of ``window`` and one for the clock, ``width`` characters wide in all."""
    columns = max(24, width - LABEL)
    for lane in window.lanes:
        line = Text(f"{shortened(lane.name, LABEL - 1, 1.0):<{LABEL}}", no_wrap=True)
        for character, style in _cells(lane, window, columns):
            line.append(character, style)
        yield line
    yield _clock(window.span, columns, zone)


def _cells(lane: Lane, window: Window, columns: int) -> list[tuple[str, str]]:
    cells = [(" ", "")] * columns

    def fill(start: float, end: float, cell: tuple[str, str]) -> None:
        first = _column(start, window.span, columns)
        for column in range(first, max(first, _column(end, window.span, columns)) + 1):
            cells[column] = cell

    for spans, cell in ((window.watched, GROUND), (lane.blind, BLIND), (lane.speech, SPEECH)):
        for span in spans:
            fill(span.start, span.end, cell)
    for kind, cell in MARKS.items():
        for mark in lane.marks:
            if mark.kind is kind:
                fill(mark.start, mark.end, cell)
    return cells


def _column(time: float, span: Span, columns: int) -> int:
    return min(columns - 1, max(0, int((time - span.start) / (span.end - span.start) * columns)))


def _clock(span: Span, columns: int, zone: tzinfo | None) -> Text:
    line = [" "] * (LABEL + columns)
    for tick in ticks(span, columns // 9, zone):
        at = min(LABEL + _column(tick.time, span, columns), len(line) - len(tick.label))
        if at == LABEL or line[at - 1] == " ":
            line[at : at + len(tick.label)] = tick.label
    return Text("".join(line), "dim", no_wrap=True)
