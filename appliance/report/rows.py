# SPDX-License-Identifier: GPL-2.0-or-later
"""Verdicts as rows: everything about each of them in words, for pages and tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from appliance.events import Tell, Upload, Verdict
from appliance.language import spoken, translate
from appliance.report.headline import worst_first
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.retold import retold
from appliance.report.words import Kind, destination, local, proof_in_words, seconds, size, words_for

#: Keys of evidence whose figures have a place of their own in a row.
_SAID_BY_ROWS = {"bytes_up", "seconds", "destination", "host_by", "detectors"}


class Worth(StrEnum):
    """Where a verdict belongs in a report."""

    LOOK = "look"
    FINE = "fine"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict, in words; ``worth`` says how soon somebody should read it."""

    anchor: str
    verdict: Verdict
    kind: Kind
    worth: Worth
    name: str
    day: str
    clock: str
    happened: str
    sent: str
    lasted: str
    destination: str
    known_by: str
    confidence: str

    @property
    def reasons(self) -> list[str]:
        """Why it was judged so, in sentences; many a table has no room for them."""
        return reasons(self.verdict)


def rows_of(report: Report, names: Names, at_most: int) -> Iterator[Row]:
    """The ``at_most`` worst verdicts of ``report``, the worst first."""
    shown = sorted(report.verdicts, key=worst_first)[:at_most]
    return (_row(report, names, verdict, f"v{index}") for index, verdict in enumerate(shown, 1))


def by_day(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """``rows`` in order of time, under their days."""
    days: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: moment(row.verdict)):
        days.setdefault(row.day, []).append(row)
    return list(days.items())


def moment(verdict: Verdict) -> float:
    """When that happened which a verdict is about."""
    if verdict.upload:
        return verdict.upload.started_at
    return verdict.wake.time if verdict.wake else verdict.time


def _row(report: Report, names: Names, verdict: Verdict, anchor: str) -> Row:
    words, upload = words_for(verdict), verdict.upload
    when = local(moment(verdict), report.zone)
    return Row(
        anchor=anchor,
        verdict=verdict,
        kind=words.kind,
        worth=_worth(words.kind, verdict.tell),
        name=names.of(verdict.device) if verdict.device else translate("unknown"),
        day=spoken().date(when),
        clock=spoken().clock_to_the_second(when),
        happened=words.happened,
        sent=size(upload.bytes_up) if upload else translate("nothing"),
        lasted=seconds(_lasted(upload)) if upload else "",
        destination=destination(upload) if upload else "",
        known_by=proof_in_words(upload.host_by) if upload else "",
        confidence=spoken().percent(verdict.confidence),
    )


def reasons(verdict: Verdict) -> list[str]:
    """The sentences of a verdict's evidence, less what a row says by itself."""
    return [retold(evidence.text) for evidence in verdict.evidence if evidence.key not in _SAID_BY_ROWS]


def _worth(kind: Kind, tell: Tell) -> Worth:
    if kind is Kind.UNHEARD:
        return Worth.UNCHECKED
    return Worth.FINE if tell is Tell.NOBODY else Worth.LOOK


def _lasted(upload: Upload) -> float:
    return (upload.time if upload.ended_at is None else upload.ended_at) - upload.started_at
