# SPDX-License-Identifier: GPL-2.0-or-later
"""From the kernel's wall-clock stamps to steady time, whenever and wherever the wall clock is set.

The kernel stamps frames by the wall clock alone. As long as nobody sets it, it differs from CLOCK_BOOTTIME by a
constant (a time server that makes it run faster does the same to both). When the difference has changed, the frames of
about then are divided into those stamped before and those stamped after: so that none comes from the future or from
longer ago than can be, none lies out of order, and, if that leaves a choice, the clock was set in the longest silence.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from appliance.capture.frames import I64
from appliance.clocks import Reading
from appliance.events import Correction
from appliance.limits import CLOCK_NOISE_NS, CLOCK_STEPS, FRAME_AGE_NS, FRAME_LATE_NS

_FAR = 1 << 62
_WORST = 6e10  # ns; what is more wrong than a minute is no more wrong, so that sums stay exact
_PREFERENCE = 1e-6  # of a silence's length: decides only between what is equally right

Costs = NDArray[np.float64]


class _Step(NamedTuple):
    """The wall clock was set between two readings, in ns of CLOCK_BOOTTIME."""

    before: int  # what the wall clock was ahead of CLOCK_BOOTTIME
    since: int
    until: int


class _Epoch(NamedTuple):
    """A time in which nobody set the clock: how far ahead it was, and where its frames can lie."""

    ahead: int
    earliest: int
    latest: int


class Steady:
    """Knows the clocks by readings; each is taken right after the frames were read that are placed next."""

    def __init__(self, anchor: int, first: Reading) -> None:
        self.start = Correction(
            _seconds(first.boot + anchor), _seconds(first.wall - first.boot - anchor), first.synchronised
        )
        self._anchor = anchor
        self._ahead = first.wall - first.boot
        self._synchronised = first.synchronised
        self._before = self._now = first.boot
        self._steps: list[_Step] = []

    def look(self, reading: Reading) -> Correction | None:
        """Take a reading; return what is new of the wall clock."""
        self._before, self._now = self._now, reading.boot
        self._steps = [step for step in self._steps if self._before - step.until < FRAME_AGE_NS][-CLOCK_STEPS:]
        ahead = reading.wall - reading.boot
        stepped = abs(ahead - self._ahead) > CLOCK_NOISE_NS
        if stepped:
            self._steps.append(_Step(self._ahead, self._before, self._now))
            self._ahead = ahead
        if not stepped and reading.synchronised == self._synchronised:
            return None
        self._synchronised = reading.synchronised
        since = self._before if stepped else self._now
        return Correction(_seconds(since + self._anchor), _seconds(self._ahead - self._anchor), reading.synchronised)

    def place(self, stamps: I64) -> I64:
        """Return the steady time of frames of one port, read right before the last reading, in the order they came."""
        times: I64 = stamps - self._ahead
        if self._steps:
            epochs = self._epochs()
            times = stamps - np.array([epoch.ahead for epoch in epochs])[_divided(stamps, epochs)]
        # a clock that was set and set back between two readings went unseen
        return np.clip(times, self._before - FRAME_LATE_NS, self._now) + self._anchor

    def _epochs(self) -> list[_Epoch]:
        oldest = self._before - FRAME_AGE_NS
        first = _Step(0, oldest, oldest)
        last = _Step(self._ahead, self._now, self._now)
        return [
            _Epoch(end.before, max(begin.since, oldest), end.until)
            for begin, end in pairwise([first, *self._steps, last])
        ]


def _divided(stamps: I64, epochs: Sequence[_Epoch]) -> I64:
    """Return the number of each frame's epoch; over all frames it is the least wrong."""
    times = [stamps - epoch.ahead for epoch in epochs]
    sums = [_wrong(time, epoch) for time, epoch in zip(times, epochs, strict=True)]
    least = [sums[0]]  # for each epoch: how wrong the first n frames are, if then the next epoch follows
    ways: list[list[tuple[I64, Costs]]] = []
    for later in range(1, len(epochs)):
        ways.append([])
        for earlier in range(later):
            cost = least[earlier] + _change(times[earlier], times[later], epochs[earlier], epochs[later]) - sums[later]
            best = np.minimum.accumulate(cost)
            ways[-1].append((np.maximum.accumulate(np.where(cost == best, np.arange(len(cost)), 0)), best))
        least.append(np.min([best for _, best in ways[-1]], axis=0) + sums[later])
    return _followed_back(ways, len(stamps))


def _wrong(time: I64, epoch: _Epoch) -> Costs:
    """Return, for each number of first frames, by how much together they lie outside of where frames can."""
    outside = np.maximum(epoch.earliest - time, 0) + np.maximum(time - epoch.latest, 0)
    sums: Costs = np.concatenate(([0.0], np.cumsum(np.minimum(outside, _WORST))))
    return sums


def _change(earlier: I64, later: I64, left: _Epoch, right: _Epoch) -> Costs:
    """Return what it costs to change the epoch before each frame, and behind the last."""
    before, after = np.concatenate(([-_FAR], earlier)), np.concatenate((later, [_FAR]))
    disorder: Costs = np.clip(before - after, 0, _WORST)
    disorder[1:-1] -= np.clip(earlier[:-1] - earlier[1:], 0, _WORST)  # that of the stamps, which it explains
    silence = np.minimum(after, left.latest) - np.maximum(before, right.earliest)
    disorder -= np.clip(silence, 0, _WORST) * _PREFERENCE
    return disorder


def _followed_back(ways: list[list[tuple[I64, Costs]]], count: int) -> I64:
    """Return each frame's epoch: from the end, the way by which it was cheapest to come there."""
    epochs = np.zeros(count, np.int64)
    epoch, at = len(ways), count
    while epoch:
        before = int(np.argmin([best[at] for _, best in ways[epoch - 1]]))
        begin = int(ways[epoch - 1][before][0][at])
        epochs[begin:at] = epoch
        epoch, at = before, begin
    return epochs


def _seconds(nanoseconds: int) -> float:
    return nanoseconds / 1e9
