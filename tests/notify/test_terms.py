# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from appliance.household import Quiet
from tests.notify.making import HALL, KITCHEN, NOON, terms

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(on=True, begin=time(22), end=time(7))


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN).timestamp()


def test_quiet_hours_go_by_the_clock_in_the_house() -> None:
    """They end at seven in the morning, on the nights too in which the clocks change."""
    on = terms(quiet=NIGHT, zone=BERLIN)
    for day, month in ((29, 3), (25, 10), (17, 6)):
        assert on.held_until(at(2026, month, day, 1, 30)) == at(2026, month, day, 7)
        assert on.held_until(at(2026, month, day, 6, 59)) == at(2026, month, day, 7)
        assert on.held_until(at(2026, month, day, 7)) is None
    assert on.held_until(at(2026, 3, 28, 23, 0)) == at(2026, 3, 29, 7)


def test_the_digest_comes_in_the_morning() -> None:
    """When quiet hours end, or at the time of the rules where there are none."""
    assert terms(quiet=NIGHT, zone=BERLIN).digest_at(at(2026, 6, 17, 12)) == at(2026, 6, 18, 7)
    assert terms(zone=BERLIN).digest_at(at(2026, 6, 17, 6)) == at(2026, 6, 17, 8)


@given(st.floats(at(2026, 1, 1), at(2027, 1, 1)), st.times())
def test_the_next_time_is_within_a_day(now: float, clock: time) -> None:
    """Whenever it is asked for, a time of the day comes within 25 hours, and after now."""
    found = terms(zone=BERLIN).next(clock.replace(tzinfo=None, fold=0), now)
    assert timedelta(0) < timedelta(seconds=found - now) <= timedelta(hours=25)


def test_a_snooze_is_of_one_speaker_or_of_all() -> None:
    """A snooze holds until its time, for its speaker, or for everything."""
    on = replace(terms(), snoozed={KITCHEN: NOON + 10})
    assert on.asleep(KITCHEN, NOON)
    assert not on.asleep(HALL, NOON)
    assert not on.asleep(KITCHEN, NOON + 10)
    assert replace(terms(), snoozed={None: NOON + 10}).asleep(HALL, NOON)
