# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.diary.day import days, tell
from appliance.diary.history import Day, days_until, history, summed
from appliance.ledger import Reader
from appliance.report.words import Kind, words_for
from appliance.speakers.inventory import Inventory

PARIS = ZoneInfo("Europe/Paris")


def test_a_days_history_is_what_the_diary_tells_of_it(reader: Reader, inventory: Inventory) -> None:
    """Each speaker's uploads, those nobody asked for and those after a misheard name are those of the day's report."""
    watched = days(reader)
    assert watched is not None
    told = tell(reader, inventory, *watched).report
    for speaker in {verdict.device for verdict in told.verdicts if verdict.device}:
        own = [verdict for verdict in told.verdicts if verdict.device == speaker]
        (day,) = history(reader, inventory, speaker, [watched])
        assert day.uploads == sum(verdict.upload is not None for verdict in own)
        assert day.bytes_up == sum(verdict.upload.bytes_up for verdict in own if verdict.upload)
        assert day.unexplained == sum(words_for(verdict).kind is Kind.UNEXPLAINED for verdict in own)
        assert day.misheard == sum(verdict.verdict in {"false_wake", "other_wake"} for verdict in own)


def test_speech_is_that_of_the_ear_that_heard_most(reader: Reader, inventory: Inventory) -> None:
    """Two ears that hear one conversation do not make two of it; a day's two halves add up to the day."""
    watched = days(reader)
    assert watched is not None
    speaker = next(each.mac for each in inventory.devices if each.watched)
    (whole,) = history(reader, inventory, speaker, [watched])
    by_ear = reader.rows("SELECT sum(ended_at - time) FROM speech WHERE kind = 'speech' GROUP BY ear")
    assert 0 < whole.speech_s <= max(seconds for (seconds,) in by_ear) + 1e-6


def test_days_of_which_nothing_is_known_do_not_count() -> None:
    """A speaker that came yesterday has no month of silence behind it."""
    known = Day(0.0, 1.0, uploads=10, misheard=4, speech_s=7200.0)
    total = summed([Day(-1.0, 0.0), known])
    assert (total.days, total.misheard_per_day, total.misheard_per_hour) == (1, 4.0, 2.0)
    assert summed([]).misheard_per_day == 0.0


def test_a_rate_by_the_hour_needs_some_of_it() -> None:
    """One false wake in a minute of speech is no sixty an hour."""
    assert summed([Day(0.0, 1.0, uploads=1, misheard=1, speech_s=60.0)]).misheard_per_hour is None


@given(st.integers(1_700_000_000, 1_900_000_000), st.integers(1, 40))
def test_days_go_from_midnight_to_midnight(end: int, count: int) -> None:
    """Without gaps, whatever the clocks do in between; the last one holds the moment asked for."""
    found = days_until(float(end), count, PARIS)
    assert len(found) == count
    assert found[-1][0] <= end < found[-1][1]
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert {datetime.fromtimestamp(start, PARIS).hour for start, _ in found} == {0}
    assert {round((stop - start) / 3600) for start, stop in found} <= {23, 24, 25}


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_the_days_on_which_clocks_change(day: str, hours: int) -> None:
    """Spring has a day of 23 hours, autumn one of 25."""
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=PARIS).timestamp()
    ((start, end),) = days_until(noon, 1, PARIS)
    assert (end - start) / 3600 == hours
