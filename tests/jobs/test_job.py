# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.jobs.job import DAY_S, UNSAFE, Daily, Every, Hourly, Weekly

BERLIN = ZoneInfo("Europe/Berlin")
safe = st.times().map(lambda at: at.replace(second=0, microsecond=0)).filter(lambda at: not UNSAFE[0] <= at < UNSAFE[1])


@given(safe)
def test_a_job_of_every_day_runs_once_a_day(at: time) -> None:
    """Through the nights in which clocks are changed it is done once a day, at its time by the clock in the house."""
    trigger = Daily(at).trigger(BERLIN)
    for month, day in ((3, 27), (10, 23)):
        moment, times = datetime(2026, month, day, tzinfo=BERLIN), []
        for _ in range(4):
            moment = trigger.get_next_fire_time(None, moment) + timedelta(seconds=1)
            times.append(moment)
        assert [each.date().day for each in times] == [day, day + 1, day + 2, day + 3]
        assert {(each.hour, each.minute) for each in times} == {(at.hour, at.minute)}


@given(st.times(UNSAFE[0], time(2, 59, 59)))
def test_no_job_at_night(at: time) -> None:
    """A time that may come twice or never is refused."""
    with pytest.raises(ValueError, match="clocks are changed"):
        Daily(at)


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25), (6, 17)])
def test_an_hourly_job_leaves_the_night_out(month: int, day: int) -> None:
    """It runs once in each hour of the day but those in which clocks are changed, and no gap is longer than it says."""
    job, moment, times = Hourly(5), datetime(2026, month, day, tzinfo=BERLIN), []
    for _ in range(42):
        moment = job.trigger(BERLIN).get_next_fire_time(None, moment) + timedelta(seconds=1)
        times.append(moment)
    assert [each.hour for each in times] == 2 * list(range(UNSAFE[1].hour, 24))
    assert {each.minute for each in times} == {5}
    gaps = {(after.timestamp() - before.timestamp()) for before, after in pairwise(times)}
    assert max(gaps) <= job.period_s + 3_600.0 * (month == 10)


def test_a_weekly_job_has_its_day() -> None:
    """Monday is 0."""
    trigger = Weekly(time(9), weekday=0).trigger(UTC)
    found = trigger.get_next_fire_time(None, datetime(2026, 6, 17, tzinfo=UTC))
    assert found == datetime(2026, 6, 22, 9, tzinfo=UTC)


def test_how_often() -> None:
    """Each knows the seconds between two times."""
    assert [Every(60).period_s, Daily(time(4)).period_s, Weekly(time(4)).period_s] == [60, DAY_S, 7 * DAY_S]
    assert Every(60).trigger(UTC) is not None
