# SPDX-License-Identifier: GPL-2.0-or-later
"""A job, and when it is to be done. Times are those of the clock in the house."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, tzinfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

#: Hours of the night in which nothing is done. Between two and three clocks are changed, and a time comes twice or
#: never; the first hour is left out by APScheduler 3.11 on the day after that.
UNSAFE = (time(0), time(3))
HOUR_S, DAY_S = 3_600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many seconds."""

    seconds: float

    @property
    def period_s(self) -> float:
        """Seconds between two times."""
        return self.seconds

    def trigger(self, zone: tzinfo) -> BaseTrigger:
        """Return it as APScheduler has it."""
        return IntervalTrigger(seconds=self.seconds, timezone=zone)


@dataclass(frozen=True, slots=True)
class Hourly:
    """Every hour but for those in which nothing is done, so many minutes after it."""

    minute: int

    @property
    def period_s(self) -> float:
        """Seconds between two times, at the most."""
        return HOUR_S * (UNSAFE[1].hour - UNSAFE[0].hour + 1)

    def trigger(self, zone: tzinfo) -> BaseTrigger:
        """Return it as APScheduler has it."""
        return CronTrigger(hour=f"{UNSAFE[1].hour}-23", minute=self.minute, timezone=zone)


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at a time, not between midnight and three."""

    at: time

    def __post_init__(self) -> None:
        """Refuse a time that comes twice or never when clocks are changed."""
        if UNSAFE[0] <= self.at < UNSAFE[1]:
            raise ValueError(f"{self.at}: in these hours clocks are changed")

    @property
    def period_s(self) -> float:
        """Seconds between two times."""
        return DAY_S

    def trigger(self, zone: tzinfo) -> BaseTrigger:
        """Return it as APScheduler has it."""
        return CronTrigger(hour=self.at.hour, minute=self.at.minute, timezone=zone)


@dataclass(frozen=True, slots=True)
class Weekly(Daily):
    """On one day of the week, 0 being Monday."""

    weekday: int = 0

    @property
    def period_s(self) -> float:
        """Seconds between two times."""
        return 7 * DAY_S

    def trigger(self, zone: tzinfo) -> BaseTrigger:
        """Return it as APScheduler has it."""
        return CronTrigger(day_of_week=self.weekday, hour=self.at.hour, minute=self.at.minute, timezone=zone)


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done at its time."""

    name: str  #: a stable word for programs
    title: str  #: what it does, for people, in English
    when: Every | Hourly | Daily | Weekly
    run: Callable[[], str]  #: does it, and says in words what came of it; raises what it likes
    end: Callable[[], None] = lambda: None  #: asks it to stop where it is: the process that ends waits for it
