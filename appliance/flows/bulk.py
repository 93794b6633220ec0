# SPDX-License-Identifier: GPL-2.0-or-later
"""Backups, camera streams and other bulk that no voice reaches: muted, so that it costs no time."""

from bisect import bisect_left
from collections import OrderedDict
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from appliance import limits
from appliance.capture.frames import I64, U8, U64

_SECOND = 1_000_000  # all times here are whole microseconds
_LEAK = limits.BULK_RATE / _SECOND
_REST = int(limits.BULK_REST * _SECOND)


class Hush(IntEnum):
    """What muting makes of a frame."""

    HEARD = 0
    MUTED = 1
    RESUMED = 2  #: the first one heard after a mute: what came between is unknown


class _Bucket(NamedTuple):
    """A leaky bucket: the bytes of a flow fill it, and it leaks BULK_RATE. When it overflows, the flow is muted."""

    time: int
    level: float


_EMPTY = _Bucket(0, 0.0)


class Bulk:
    """Finds, frame by frame and so whatever the chunks, which flows send more than any voice."""

    def __init__(self) -> None:
        self.bytes = 0  #: upstream bytes that were not looked at
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()
        self._muted: OrderedDict[int, int] = OrderedDict()  # until when

    def feed(self, keys: U64, times: I64, lengths: I64) -> U8:
        """Take the upstream data frames of a chunk: flow key, time in us, bytes; return the Hush of each."""
        hush = np.zeros(len(keys), np.uint8)
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[:1]]))
        for rows in np.split(order, starts[1:]) if len(keys) else ():
            self._flow(int(keys[rows[0]]), times[rows].tolist(), lengths[rows].tolist(), rows, hush)
        self._forget(int(times[-1]) if len(times) else 0)
        return hush

    def step(self) -> None:
        """Begin the time anew: every flow is heard again."""
        self._buckets.clear()
        self._muted = OrderedDict.fromkeys(self._muted, 0)

    def _flow(self, key: int, times: list[int], lengths: list[int], rows: NDArray[np.intp], hush: U8) -> None:
        """Go through one flow's frames, in one step over each muted stretch."""
        at = 0
        while at < len(times):
            if key in self._muted:
                heard = bisect_left(times, self._muted[key], at)
                hush[rows[at:heard]] = Hush.MUTED
                self.bytes += sum(lengths[at:heard])
                at = heard
                if at == len(times):
                    return
                del self._muted[key]
                hush[rows[at]] = Hush.RESUMED
            at = self._fill(key, times, lengths, at)

    def _fill(self, key: int, times: list[int], lengths: list[int], at: int) -> int:
        """Let the frames from ``at`` on fill the bucket; return where they end, or the first behind an overflow."""
        last, level = self._buckets.pop(key, _EMPTY)
        for index in range(at, len(times)):
            level = max(0.0, level - (times[index] - last) * _LEAK) + lengths[index]
            last = times[index]
            if level > limits.BULK_BYTES:
                self._muted[key] = last + _REST
                return index + 1
        self._buckets[key] = _Bucket(last, level)
        return len(times)

    def _forget(self, now: int) -> None:
        """Drop the buckets that have run empty, as good as new ones, and what is too many."""
        while self._buckets:
            key, bucket = next(iter(self._buckets.items()))
            if len(self._buckets) <= limits.BULK_FLOWS and bucket.level > (now - bucket.time) * _LEAK:
                break
            del self._buckets[key]
        while len(self._muted) > limits.BULK_FLOWS:
            self._muted.popitem(last=False)
