# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from web.day import bounds, shown_day
from web.house import House

BERLIN = ZoneInfo("Europe/Berlin")
NOW = 1_790_000_000.0


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-06-05", 24), ("2026-10-25", 25)])
def test_a_day_is_as_long_as_the_clocks_make_it(day: str, hours: int) -> None:
    """Where daylight saving begins a day has 23 hours, and where it ends 25."""
    start, end = bounds(date.fromisoformat(day), BERLIN)
    assert end - start == hours * 3600


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1969-12-01"])
def test_days_that_no_clock_shows_are_refused(day: str) -> None:
    """The ends of the calendar are errors of one kind."""
    with pytest.raises(ValueError, match=r".+"):
        bounds(date.fromisoformat(day), BERLIN)


def test_of_a_replay_the_last_day_is_shown(house: House) -> None:
    """A simulated household has no today: its page begins with the last day of which there is anything."""
    with house.reader() as reader:
        newest = shown_day(reader, None, NOW, BERLIN)
        assert not newest.today
        assert newest.later is None
        asked = shown_day(reader, newest.on.isoformat(), NOW, BERLIN)
    assert asked == newest


def test_of_a_house_that_is_watched_today_is_shown(house: House) -> None:
    """Though nothing happened yet today, it is today that one wants to know of."""
    with house.reader() as reader:
        reader_rows, now = reader.rows, NOW
        reader.rows = lambda sql, values=(): [("a-boot",)] if "FROM boot ORDER" in sql else reader_rows(sql, values)  # type: ignore[method-assign]
        day = shown_day(reader, None, now, BERLIN)
    assert day.today
    assert day.start <= now < day.end
    assert day.earlier is not None
