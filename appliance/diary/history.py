# SPDX-License-Identifier: GPL-2.0-or-later
"""One speaker day by day: what it sent, how much of it nobody asked for, how often it misheard, what was said near."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from appliance.diary.calendar import Calendar, Stretch
from appliance.diary.entries import Brief, briefly
from appliance.diary.household import household
from appliance.ledger import Reader
from appliance.report.words import Kind, kind_of
from appliance.rules import WakeWords
from appliance.speakers.inventory import Inventory

_FALSE_WAKES = frozenset({"false_wake", "other_wake"})


@dataclass(frozen=True, slots=True)
class Day:
    """What happened from ``start`` to before ``end``, in wall-clock seconds."""

    start: float
    end: float
    uploads: int = 0
    bytes_up: int = 0
    unexplained: int = 0  #: uploads of which the judge says that nobody called
    misheard: int = 0  #: uploads after speech without its name, or after another assistant's: it misheard
    speech_s: float = 0.0  #: seconds of speech, as the ear near it heard that heard most

    @property
    def watched(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.uploads or self.speech_s)


@dataclass(frozen=True, slots=True)
class Sum:
    """Several days together."""

    days: int
    uploads: int
    unexplained: int
    misheard: int
    speech_s: float

    @property
    def misheard_per_day(self) -> float:
        """False wakes a day."""
        return self.misheard / self.days if self.days else 0.0

    @property
    def misheard_per_hour(self) -> float | None:
        """False wakes an hour of speech; None if too little was said to tell."""
        return self.misheard * 3600 / self.speech_s if self.speech_s >= _TELLING_S else None


#: Seconds of speech from which on a rate by the hour says anything.
_TELLING_S = 900.0


def history(reader: Reader, inventory: Inventory, mac: str, days: Sequence[tuple[float, float]]) -> list[Day]:
    """Return what is known of a speaker for each of ``days`` (begin and end, in wall-clock seconds)."""
    found = briefly(reader, mac, days[0][0], days[-1][1])
    calendar = Calendar(reader)
    ears = household(reader, inventory, WakeWords({}, ())).ears_near(mac)
    return [_day(reader, calendar, start, end, found, ears) for start, end in days]


def days_until(end: float, count: int, zone: tzinfo | None) -> list[tuple[float, float]]:
    """Return the ``count`` days up to the one in which ``end`` is, each from midnight to midnight in the house."""
    last = datetime.fromtimestamp(end, zone).date()
    midnights = [_midnight(last - timedelta(days=back), zone) for back in range(count - 1, -2, -1)]
    return list(pairwise(midnights))


def summed(days: Iterable[Day]) -> Sum:
    """Return what days come to together; those of which nothing is known do not count as days."""
    told = [each for each in days if each.watched]
    return Sum(
        days=len(told),
        uploads=sum(each.uploads for each in told),
        unexplained=sum(each.unexplained for each in told),
        misheard=sum(each.misheard for each in told),
        speech_s=sum(each.speech_s for each in told),
    )


def _midnight(day: date, zone: tzinfo | None) -> float:
    return datetime.combine(day, time.min, zone).timestamp()


def _day(  # noqa: PLR0913, PLR0917 - what is read once for all days is handed on
    reader: Reader, calendar: Calendar, start: float, end: float, found: Iterable[Brief], ears: Iterable[str]
) -> Day:
    told = [each for each in found if start <= each.time < end]
    sizes = [each.bytes_up for each in told if each.bytes_up is not None]
    return Day(
        start=start,
        end=end,
        uploads=len(sizes),
        bytes_up=sum(sizes),
        unexplained=sum(kind_of(each.verdict, each.tell) is Kind.UNEXPLAINED for each in told),
        misheard=sum(each.verdict in _FALSE_WAKES for each in told),
        speech_s=_speech(reader, calendar.between(start, end), frozenset(ears)),
    )


def _speech(reader: Reader, stretches: Iterable[Stretch], ears: frozenset[str]) -> float:
    """Return the seconds of speech that the ear heard which heard most."""
    heard: dict[str, float] = {}
    for each in stretches:
        rows = reader.rows(
            "SELECT ear, sum(min(ended_at, ?3) - time) FROM speech"
            " WHERE boot = ?1 AND time >= ?2 AND time < ?3 AND kind = 'speech' GROUP BY ear",
            (each.boot, each.since, each.until),
        )
        for ear, seconds in rows:
            if ear in ears:
                heard[ear] = heard.get(ear, 0.0) + seconds
    return max(heard.values(), default=0.0)
