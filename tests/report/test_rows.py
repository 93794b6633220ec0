# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.events import Evidence
from appliance.report.names import Names
from appliance.report.rows import Worth, by_day, moment, reasons, rows_of
from tests.report.household import household, upload, verdict


def test_the_worst_come_first_and_the_rest_is_cut() -> None:
    """Where there is no room for all, the accusations are what stays."""
    report = household()
    rows = list(rows_of(report, Names(report), 3))
    assert [row.verdict.verdict for row in rows] == ["unexplained_silence", "unexplained_speech", "unexplained_speech"]
    assert [row.anchor for row in rows] == ["v1", "v2", "v3"]


def test_each_row_has_its_place() -> None:
    """What could not be checked is neither fine nor suspicious."""
    report = household()
    places = {row.verdict.verdict: row.worth for row in rows_of(report, Names(report), 1000)}
    assert {name for name, worth in places.items() if worth is Worth.UNCHECKED} == {"unheard", "capture_gap"}
    assert {name for name, worth in places.items() if worth is Worth.FINE} == {
        "called", "follow_up", "arbitration", "call", "silent_speaker",
    }  # fmt: skip


def test_what_a_row_says_is_not_said_twice() -> None:
    """Size and destination have their places; what was heard stays among the reasons."""
    found = verdict("unexplained_speech", upload("a", None, 1.0))
    size = Evidence("bytes_up", 61_000, "61,000 bytes went up.")
    assert reasons(replace(found, evidence=(*found.evidence, size))) == [evidence.text for evidence in found.evidence]


def test_days_are_in_order() -> None:
    """Rows are put under their days, both in order of time."""
    report = household(2)
    days = by_day(list(rows_of(report, Names(report), 1000)))
    assert [day for day, _ in days] == ["Monday 23 November 2026", "Tuesday 24 November 2026"]
    times = [moment(row.verdict) for _, rows in days for row in rows]
    assert times == sorted(times)


def test_a_wake_word_without_upload_has_a_row_too() -> None:
    """A silent speaker sent nothing, to nobody."""
    report = household()
    row = next(row for row in rows_of(report, Names(report), 1000) if row.verdict.verdict == "silent_speaker")
    assert (row.sent, row.lasted, row.destination, row.clock) == ("nothing", "", "", "22:30:00")
