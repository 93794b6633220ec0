# SPDX-License-Identifier: GPL-2.0-or-later
"""When each source was really watching: the ground on which alone something may be said not to have happened."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import NamedTuple

from appliance.events import NAMES_ONLY, Coverage
from appliance.judge.timeline import Timeline
from appliance.limits import JUDGE_EARS, JUDGE_STRETCHES


class Stretch(NamedTuple):
    """A time without a gap, seconds since the epoch."""

    start: float
    end: float


class Coverages:
    """Merged stretches of coverage per source.

    Stretches at most ``join_s`` apart are one: no wake word has room between them. A stretch that lost anything is no
    coverage, since nobody knows where in it the loss was, but it counts as a report. So does what an ear was there that
    only tells names: that it told none proves nothing.
    """

    def __init__(self, join_s: float) -> None:
        self.refused = 0
        self._join = join_s
        self._whole: dict[str, list[Stretch]] = {}
        self._reached: dict[str, float] = {}
        self._torn = Timeline[Coverage](JUDGE_STRETCHES, attrgetter("time"), attrgetter("ended_at"))

    def feed(self, fact: Coverage) -> None:
        """Take a stretch; stretches may come in any order and overlap."""
        if fact.source not in self._whole and len(self._whole) > JUDGE_EARS:
            self.refused += 1
            return
        stretches = self._whole.setdefault(fact.source, [])
        self._reached[fact.source] = max(fact.ended_at, self.reached(fact.source))
        if fact.lost:
            self._torn.add(fact)
        if fact.lost or names_only(fact.source):
            return
        self._merge(stretches, fact.time, fact.ended_at)
        if len(stretches) > JUDGE_STRETCHES:
            del stretches[0]

    def _merge(self, stretches: list[Stretch], start: float, end: float) -> None:
        first = bisect_left(stretches, start - self._join, key=_end)
        last = bisect_right(stretches, end + self._join, key=_start)
        touched = stretches[first:last]
        if touched:
            start, end = min(start, touched[0].start), max(end, touched[-1].end)
        stretches[first:last] = [Stretch(start, end)]

    def reached(self, source: str) -> float:
        """Up to when the source has reported, well or badly; minus infinity if it never did."""
        return self._reached.get(source, float("-inf"))

    def covered(self, source: str, start: float, end: float) -> bool:
        """Whether the source watched all the time from ``start`` to ``end``."""
        stretches: Sequence[Stretch] = self._whole.get(source, ())
        index = bisect_right(stretches, start, key=_start) - 1
        return index >= 0 and end <= stretches[index].end

    def share(self, source: str, start: float, end: float) -> float:
        """What share of the time from ``start`` to ``end`` the source watched, 0..1."""
        stretches: Sequence[Stretch] = self._whole.get(source, ())
        touching = stretches[bisect_left(stretches, start, key=_end) : bisect_right(stretches, end, key=_start)]
        watched = sum(min(end, stretch.end) - max(start, stretch.start) for stretch in touching)
        return min(1.0, watched / max(end - start, 1e-9))

    def lost(self, sources: Collection[str], start: float, end: float) -> int:
        """How many units the sources lost in stretches that touch the time from ``start`` to ``end``."""
        return sum(torn.lost for torn in self._torn.between(start, end) if torn.source in sources)

    def forget(self, before: float) -> None:
        """Drop the stretches that had ended before then."""
        self._torn.forget(before)
        for stretches in self._whole.values():
            del stretches[: bisect_left(stretches, before, key=_end)]


def names_only(source: str) -> bool:
    """Whether a source tells the wake words that it heard, and nothing else."""
    return source.startswith(NAMES_ONLY)


def _start(stretch: Stretch) -> float:
    return stretch.start


def _end(stretch: Stretch) -> float:
    return stretch.end
