# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks for people at a terminal, for a pipe, and for programs."""

import json
from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from appliance.health.doctor.remark import Level, Remark, worst
from appliance.report.words import counted

_MARKS = {Level.OK: ("✓", "green"), Level.WARNING: ("!", "bold yellow"), Level.PROBLEM: ("✗", "bold red")}


def table(remarks: Iterable[Remark]) -> Table:
    """Lay remarks out for rich to print; names are printed as they are, never as markup."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column()
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for remark in remarks:
        mark, style = _MARKS[remark.level]
        grid.add_row(Text(mark, style), Text(remark.topic), _said(remark))
    return grid


def _said(remark: Remark) -> Text:
    said = Text(remark.seen, "" if remark.level is Level.OK else "bold")
    if remark.means:
        said.append(f" {remark.means}", "not bold")
    if remark.remedy:
        said.append("\n→ ", "not bold cyan").append(remark.remedy, "not bold")
    return said


def plain(remark: Remark) -> str:
    """Return a remark as one line: its level and topic first, for grep."""
    remedy = f" -> {remark.remedy}" if remark.remedy else ""
    return f"{remark.level.name.lower():8} {remark.topic}: {remark.seen} {remark.means}".rstrip() + remedy


def summary(remarks: Sequence[Remark]) -> str:
    """Return the whole in a sentence."""
    problems, warnings = (sum(each.level is level for each in remarks) for level in (Level.PROBLEM, Level.WARNING))
    if not problems and not warnings:
        return "All is well."
    return f"{counted(problems, 'problem')}, {counted(warnings, 'warning')}."


def as_json(remarks: Sequence[Remark]) -> str:
    """Return one JSON object: the worst level, and each finding."""
    findings = [
        {
            "level": each.level.name.lower(),
            "topic": each.topic,
            "seen": each.seen,
            "means": each.means,
            "remedy": each.remedy,
        }
        for each in remarks
    ]
    return json.dumps({"level": worst(remarks).name.lower(), "findings": findings}, ensure_ascii=False, indent=2)
