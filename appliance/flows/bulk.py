# SPDX-License-Identifier: GPL-2.0-or-later
"""Backups, camera streams and other bulk that no voice reaches: muted, so that it costs no time."""

from bisect import bisect_left
from collections import OrderedDict
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

import numpy as np

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
        order = np.argsort(keys, kind="stable")
        hush = np.zeros(len(keys), np.uint8)
        sorted_keys = keys[order]
        when, sizes = times[order].tolist(), lengths[order].tolist()
        bounds = [*np.flatnonzero(np.diff(sorted_keys, prepend=~sorted_keys[:1])).tolist(), len(keys)]
        for begin, end in pairwise(bounds):
            self._flow(int(sorted_keys[begin]), when, sizes, begin, end, hush)
        self._forget(int(times[-1]) if len(times) else 0)
        unsorted = np.empty_like(hush)
        unsorted[order] = hush
        return unsorted

    def step(self) -> None:
        """Begin the time anew: every flow is heard again."""
        self._buckets.clear()
        self._muted = OrderedDict.fromkeys(self._muted, 0)

    def _flow(  # noqa: PLR0913, PLR0917 - lists of the chunk, and which part of them is the flow's
        self, key: int, times: list[int], lengths: list[int], at: int, end: int, hush: U8
    ) -> None:
        """Go through one flow's frames, from ``at`` to ``end``, in one step over each muted stretch."""
        while at < end:
            if key in self._muted:
                heard = bisect_left(times, self._muted[key], at, end)
                hush[at:heard] = Hush.MUTED
                self.bytes += sum(lengths[at:heard])
                at = heard
                if at == end:
                    return
                del self._muted[key]
                hush[at] = Hush.RESUMED
            at = self._fill(key, times, lengths, at, end)

    def _fill(self, key: int, times: list[int], lengths: list[int], at: int, end: int) -> int:
        """Let the frames from ``at`` on fill the bucket; return ``end``, or the first behind an overflow."""
        last, level = self._buckets.pop(key, _EMPTY)
        for index in range(at, end):
            level = max(0.0, level - (times[index] - last) * _LEAK) + lengths[index]
            last = times[index]
            if level > limits.BULK_BYTES:
                self._muted[key] = last + _REST
                return index + 1
        self._buckets[key] = _Bucket(last, level)
        return end

    def _forget(self, now: int) -> None:
        """Drop the buckets that have run empty, as good as new ones, and what is too many."""
        while self._buckets:
            key, bucket = next(iter(self._buckets.items()))
            if len(self._buckets) <= limits.BULK_FLOWS and bucket.level > (now - bucket.time) * _LEAK:
                break
            del self._buckets[key]
        while len(self._muted) > limits.BULK_FLOWS:
            self._muted.popitem(last=False)
