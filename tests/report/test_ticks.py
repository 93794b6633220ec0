# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import UTC
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from appliance.report.spans import Span
from appliance.report.ticks import ticks
from tests.report.household import DAY, MONDAY


def labels(start: float, length: float, at_most: int) -> list[str]:
    return [tick.label for tick in ticks(Span(start, start + length), at_most, UTC)]


def test_a_day_has_a_tick_every_two_hours() -> None:
    """A day's ticks stand at even hours, midnight to midnight."""
    assert labels(MONDAY, DAY, 13) == [f"{hour:02}:00" for hour in (*range(0, 24, 2), 0)]


def test_half_a_minute_is_told_in_seconds() -> None:
    """Steps under a minute show seconds."""
    assert labels(MONDAY + 3, 30, 3) == ["00:00:10", "00:00:20", "00:00:30"]


def test_a_zone_off_by_half_an_hour_has_round_ticks_too() -> None:
    """Ticks are round on the wall's clock, wherever the wall stands."""
    shown = [tick.label for tick in ticks(Span(MONDAY, MONDAY + DAY), 5, ZoneInfo("Asia/Kolkata"))]
    assert shown == ["06:00", "12:00", "18:00", "00:00"]


@given(st.floats(0, 2e9), st.floats(1, 2 * DAY), st.integers(2, 13))
def test_there_are_never_many(start: float, length: float, at_most: int) -> None:
    """Whatever the span, there are about as many ticks as asked for, in order and inside it."""
    times = [tick.time for tick in ticks(Span(start, start + length), at_most, UTC)]
    assert len(times) <= at_most + 3
    assert times == sorted(times)
    assert all(start <= time <= start + length for time in times)
