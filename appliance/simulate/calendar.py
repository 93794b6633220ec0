# SPDX-License-Identifier: GPL-2.0-or-later
"""A household's day: when things happen, kept apart far enough that each has one right verdict."""

from bisect import bisect_left, insort
from random import Random

HOUR = 3600.0
TRIES = 60  #: times that a scene looks for a free place before it is left out of a full day
#: how much goes on in each hour of the day: asleep, breakfast, away, home again, bed
RHYTHM = (1, 0, 0, 0, 0, 1, 4, 9, 8, 5, 4, 4, 6, 6, 4, 4, 6, 9, 12, 12, 10, 8, 5, 2)


class Calendar:
    """One day from ``start``, its stretches taken one by one."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._taken: list[tuple[float, float]] = []

    def place(self, dice: Random, before: float, after: float) -> float | None:
        """Take a stretch from ``before`` seconds before a moment of the day to ``after`` seconds after it.

        Return the moment; None if the day is too full.
        """
        for _ in range(TRIES):
            hour = dice.choices(range(24), RHYTHM)[0]
            time = self._start + (hour + dice.random()) * HOUR
            stretch = (time - before, time + after)
            if stretch[0] >= self._start and stretch[1] < self._start + 24 * HOUR and self._free(*stretch):
                insort(self._taken, stretch)
                return time
        return None

    def _free(self, start: float, end: float) -> bool:
        at = bisect_left(self._taken, (start, start))
        return (at == 0 or self._taken[at - 1][1] <= start) and (at == len(self._taken) or self._taken[at][0] >= end)
