# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts in the order of their time, however they arrived, and only so many of them."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Timeline(Generic[T]):
    """At most ``limit`` facts by their ``start``; the oldest goes first, and after ``since`` all are still here."""

    def __init__(self, limit: int, start: Callable[[T], float], end: Callable[[T], float]) -> None:
        self.since = float("-inf")
        self.evicted = 0
        self._limit = limit
        self._start = start
        self._end = end
        self._facts: list[T] = []
        self._longest = 0.0  # seconds: no fact that began earlier than this before a time touches it

    def add(self, fact: T) -> None:
        """Take one fact, older or newer than the others."""
        self._longest = max(self._longest, self._end(fact) - self._start(fact))
        insort(self._facts, fact, key=self._start)
        if len(self._facts) > self._limit:
            self.since = max(self.since, self._end(self._facts.pop(0)))
            self.evicted += 1

    def between(self, start: float, end: float) -> Iterator[T]:
        """The facts that touch the time from ``start`` to ``end``, oldest first."""
        first = bisect_left(self._facts, start - self._longest, key=self._start)
        last = bisect_right(self._facts, end, key=self._start)
        return (fact for fact in self._facts[first:last] if self._end(fact) >= start)

    def forget(self, before: float) -> None:
        """Drop what had ended before then."""
        self._facts = [fact for fact in self._facts if self._end(fact) >= before]
        self._longest = max((self._end(fact) - self._start(fact) for fact in self._facts), default=0.0)

    def __len__(self) -> int:
        return len(self._facts)
