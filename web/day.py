# SPDX-License-Identifier: GPL-2.0-or-later
"""Which day a page shows: the one that is asked for, else today, else the last of which a replay tells."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from appliance.diary.day import days as watched_days
from appliance.evidence import SIMULATED
from appliance.ledger import Reader
from appliance.report.words import local

#: How the boots of a replay are called.
_REPLAYS = (SIMULATED, "replay-")


@dataclass(frozen=True, slots=True)
class ShownDay:
    """One day, from midnight to midnight by the clock in the house, and those to step to."""

    on: date
    start: float  #: seconds since the epoch
    end: float
    earlier: date | None  #: None: nobody watched before
    later: date | None
    today: bool


def shown_day(reader: Reader, asked: str | None, now: float, zone: tzinfo) -> ShownDay:
    """Return the day ``asked`` for (YYYY-MM-DD), or the one to begin with. Raises ValueError if it is none."""
    today = local(now, zone).date()
    span = watched_days(reader)
    first, last = (local(each, zone).date() for each in span) if span else (today, today)
    newest = last if _replayed(reader) else max(today, last)
    day = date.fromisoformat(asked) if asked else newest
    start, end = bounds(day, zone)
    return ShownDay(
        day,
        start,
        end,
        earlier=min(day - timedelta(days=1), newest) if day > first else None,
        later=max(day + timedelta(days=1), first) if day < newest else None,
        today=day == today,
    )


def bounds(day: date, zone: tzinfo) -> tuple[float, float]:
    """Return when a day begins and ends; daylight saving makes it 23 or 25 hours. ValueError: no clock shows it."""
    try:
        midnights = [datetime.combine(each, time(), zone).timestamp() for each in (day, day + timedelta(days=1))]
    except OverflowError as error:
        raise ValueError(str(error)) from None
    if midnights[0] < 0:
        raise ValueError("before all clocks")
    return midnights[0], midnights[1]


def _replayed(reader: Reader) -> bool:
    newest = reader.rows("SELECT boot_id FROM boot ORDER BY id DESC LIMIT 1")
    return bool(newest) and newest[0][0].startswith(_REPLAYS)
