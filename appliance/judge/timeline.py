# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts in the order of their time, however they arrived, and only so many of them."""

from bisect import bisect_right, insort
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

    def add(self, fact: T) -> None:
        """Take one fact, older or newer than the others."""
        insort(self._facts, fact, key=self._start)
        if len(self._facts) > self._limit:
            self.since = max(self.since, self._end(self._facts.pop(0)))
            self.evicted += 1

    def between(self, start: float, end: float) -> Iterator[T]:
        """The facts that touch the time from ``start`` to ``end``, oldest first."""
        upto = bisect_right(self._facts, end, key=self._start)
        return (fact for fact in self._facts[:upto] if self._end(fact) >= start)

    def forget(self, before: float) -> None:
        """Drop what had ended before then."""
        self._facts = [fact for fact in self._facts if self._end(fact) >= before]

    def __len__(self) -> int:
        return len(self._facts)
