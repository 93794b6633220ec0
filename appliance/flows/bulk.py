# SPDX-License-Identifier: GPL-2.0-or-later
"""Backups, camera streams and other bulk that no voice reaches: muted, so that it costs no time.

A leaky bucket per flow, kept as the time at which it will have run empty (the virtual scheduling of ITU-T I.371): every
byte moves that time on by 1/BULK_RATE, and when it lies further ahead than BULK_BYTES take, the flow is muted. All is
counted in whole microseconds, so that the same frames are muted in whatever chunks they come.
"""

from bisect import bisect_left
from collections import OrderedDict
from enum import IntEnum

import numpy as np

from appliance import limits
from appliance.capture.frames import I64, U8, U64

_SECOND = 1_000_000
_PER_BYTE = _SECOND // limits.BULK_RATE
_FULL = limits.BULK_BYTES * _PER_BYTE
_REST = int(limits.BULK_REST * _SECOND)


class Hush(IntEnum):
    """What muting makes of a frame."""

    HEARD = 0
    MUTED = 1
    RESUMED = 2  #: the first one heard after a mute: what came between is unknown


class Bulk:
    """Finds which flows send more than any voice."""

    def __init__(self) -> None:
        self.bytes = 0  #: upstream bytes that were not looked at
        self._empty_at: dict[int, int] = {}
        self._muted_until: OrderedDict[int, int] = OrderedDict()

    def feed(self, hashes: U64, times: I64, lengths: I64) -> U8:
        """Take the upstream data frames of a chunk: flow's hash, time in us, bytes; return the Hush of each."""
        hush = np.zeros(len(hashes), np.uint8)
        if not len(hashes):
            return hush
        order = np.argsort(hashes, kind="stable")
        sorted_hashes, times, costs = hashes[order], times[order], lengths[order] * _PER_BYTE
        starts = np.flatnonzero(np.diff(sorted_hashes, prepend=~sorted_hashes[:1]))
        flows = sorted_hashes[starts].tolist()
        empty_at = np.array([self._empty_at.get(flow, 0) for flow in flows])
        total = np.add.reduceat(costs, starts)
        before = np.cumsum(costs) - costs
        before -= np.repeat(before[starts], np.diff(starts, append=len(order)))
        # No frame of these can overflow, whatever their order: when they run empty follows without going through them.
        calm = (np.maximum(empty_at - times[starts], 0) + total <= _FULL).tolist()
        after = (np.maximum(empty_at, np.maximum.reduceat(times - before, starts)) + total).tolist()
        ends = [*starts[1:].tolist(), len(order)]
        for flow, at, end, is_calm, then in zip(flows, starts.tolist(), ends, calm, after, strict=True):
            if is_calm and flow not in self._muted_until:
                self._empty_at[flow] = then
            else:
                hush[order[at:end]] = self._go_through(flow, times[at:end].tolist(), costs[at:end].tolist())
        self._forget(int(times.max()))
        return hush

    def step(self) -> None:
        """Begin the time anew: every flow is heard again."""
        self._empty_at.clear()
        self._muted_until = OrderedDict.fromkeys(self._muted_until, 0)

    def _go_through(self, flow: int, times: list[int], costs: list[int]) -> list[int]:
        """Go through one flow's frames, in one step over each muted stretch."""
        hush = [int(Hush.HEARD)] * len(times)
        at = 0
        while at < len(times):
            if flow in self._muted_until:
                heard = bisect_left(times, self._muted_until[flow], at)
                hush[at:heard] = [Hush.MUTED] * (heard - at)
                self.bytes += sum(costs[at:heard]) // _PER_BYTE
                at = heard
                if at == len(times):
                    break
                del self._muted_until[flow]
                hush[at] = Hush.RESUMED
            at = self._fill(flow, times, costs, at)
        return hush

    def _fill(self, flow: int, times: list[int], costs: list[int], at: int) -> int:
        """Let the frames from ``at`` on fill the bucket; return their end, or the first behind an overflow."""
        empty_at = self._empty_at.pop(flow, 0)
        for index in range(at, len(times)):
            empty_at = max(empty_at, times[index]) + costs[index]
            if empty_at - times[index] > _FULL:
                self._muted_until[flow] = times[index] + _REST
                return index + 1
        self._empty_at[flow] = empty_at
        return len(times)

    def _forget(self, now: int) -> None:
        """Drop the buckets that have run empty, as good as new ones; then, of too many, the oldest."""
        if len(self._empty_at) > limits.BULK_FLOWS:
            self._empty_at = {flow: empty_at for flow, empty_at in self._empty_at.items() if empty_at > now}
        while len(self._empty_at) > limits.BULK_FLOWS:
            del self._empty_at[next(iter(self._empty_at))]
        while len(self._muted_until) > limits.BULK_FLOWS:
            self._muted_until.popitem(last=False)
