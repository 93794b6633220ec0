# SPDX-License-Identifier: GPL-2.0-or-later
"""Entries of the diary as lists, tables and pages show them: in words, each with its address and people's answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from appliance.diary.day import known_devices
from appliance.diary.entries import Entry
from appliance.events import Placement
from appliance.language import later, translate
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.rows import Row, rows_of
from appliance.speakers.inventory import Inventory, Word

#: What a person said, told back to them.
ANSWERS = {
    Word.BUTTON: later("I pressed the button"),
    Word.ROUTINE: later("It was a routine"),
    Word.CALL: later("It was a call"),
    Word.SAID: later("I did say its name"),
    Word.NOBODY: later("Nobody said its name"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry in words."""

    entry: Entry
    row: Row
    href: str
    answer: str  #: what a person said of it; nothing if nobody did


def address_of(entry: Entry) -> str:
    """Return where an entry's page is; a page of a day has some hundred, and asking the router takes them long."""
    return f"/uploads/{entry.id}"


def items(entries: Sequence[Entry], inventory: Inventory, zone: tzinfo) -> list[Item]:
    """Return entries in words, in their order."""
    report = household(entries, inventory, zone)
    rows = {id(row.verdict): row for row in rows_of(report, Names(report), len(entries))}
    answers = {answer.verdict: answer.word for answer in inventory.answers}
    return [
        Item(
            entry,
            rows[id(entry.verdict)],
            address_of(entry),
            translate(ANSWERS[answers[entry.key]]) if entry.key in answers else "",
        )
        for entry in entries
    ]


def household(entries: Sequence[Entry], inventory: Inventory, zone: tzinfo) -> Report:
    """Return what names, places and words of entries are made from."""
    return Report(
        captures=(),
        uploads=[entry.verdict.upload for entry in entries if entry.verdict.upload],
        verdicts=[entry.verdict for entry in entries],
        devices=list(known_devices(inventory)),
        placements=[each for each in inventory.furniture() if isinstance(each, Placement)],
        zone=zone,
    )
