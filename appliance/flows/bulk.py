# SPDX-License-Identifier: GPL-2.0-or-later
"""Backups, camera streams and other bulk that no voice reaches: muted, so that it costs no time."""

from bisect import bisect_left
from collections import OrderedDict
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from appliance import limits
from appliance.capture.frames import I64, U64

_SECOND = 1_000_000  # all times here are whole microseconds


class Hush(IntEnum):
    """What muting makes of a frame."""

    HEARD = 0
    MUTED = 1
    RESUMED = 2  #: the first one heard after a mute: what came between is unknown


class _Bucket:
    """A leaky bucket: it fills by the bytes of a flow and leaks BULK_RATE; the flow is muted when it overflows."""

    __slots__ = ("level", "muted_until", "time")

    def __init__(self, time: int) -> None:
        self.level = 0.0
        self.time = time
        self.muted_until = 0


class Bulk:
    """Finds, frame by frame and so whatever the chunks, which flows send more than any voice."""

    def __init__(self) -> None:
        self.bytes = 0  #: upstream bytes that were not looked at
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def feed(self, keys: U64, times: I64, lengths: I64) -> NDArray[np.uint8]:
        """Take the upstream data frames of a chunk: flow key, time in us, bytes; return the Hush of each."""
        hush = np.zeros(len(keys), np.uint8)
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[:1]]))
        for rows in np.split(order, starts[1:]) if len(keys) else ():
            self._flow(int(keys[rows[0]]), times[rows], lengths[rows], rows, hush)
        self._forget(int(times[-1]) if len(times) else 0)
        return hush

    def _flow(self, key: int, times: I64, lengths: I64, rows: NDArray[np.intp], hush: NDArray[np.uint8]) -> None:
        """Go through one flow's frames, in one step over each muted stretch."""
        bucket = self._buckets.get(key)
        when, sizes = times.tolist(), lengths.tolist()
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(when[0])
        self._buckets.move_to_end(key)
        at = 0
        while at < len(when):
            if bucket.muted_until:
                heard = bisect_left(when, bucket.muted_until, at)
                hush[rows[at:heard]] = Hush.MUTED
                self.bytes += sum(sizes[at:heard])
                if heard == len(when):
                    break
                bucket.muted_until = 0
                hush[rows[heard]] = Hush.RESUMED
                at = heard
            at = self._fill(bucket, when, sizes, at)

    @staticmethod
    def _fill(bucket: _Bucket, when: list[int], sizes: list[int], at: int) -> int:
        """Let frames from ``at`` on fill the bucket; return where it overflowed, or the end."""
        level, last = bucket.level, bucket.time
        for at in range(at, len(when)):  # noqa: B020, PLR1704 - the loop goes on from where it stood
            level = max(0.0, level - (when[at] - last) * (limits.BULK_RATE / _SECOND)) + sizes[at]
            last = when[at]
            if level > limits.BULK_BYTES:
                bucket.level, bucket.time = 0.0, last
                bucket.muted_until = last + int(limits.BULK_REST * _SECOND)
                return at + 1
        bucket.level, bucket.time = level, last
        return len(when)

    def _forget(self, now: int) -> None:
        """Drop the buckets that have run empty: they are as good as new ones."""
        full = limits.BULK_BYTES / limits.BULK_RATE * _SECOND
        while self._buckets:
            key, bucket = next(iter(self._buckets.items()))
            if len(self._buckets) <= limits.BULK_FLOWS and now < max(bucket.time + full, bucket.muted_until):
                break
            del self._buckets[key]
