# SPDX-License-Identifier: GPL-2.0-or-later
"""Downstream bytes of the flows that lately sent something: summed in 100-ms bins, whole columns at once."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from appliance import limits
from appliance.capture.frames import I64, U64
from appliance.events import Down, FlowKey
from appliance.flows.grouping import SLOTS, slot, slots

_BIN = 100_000  # all times here are whole microseconds
_SECOND = 1_000_000
_NEVER = 1 << 62
_Timed = tuple[int, int, Down]


class Watch:
    """One stretch of a flow in which its downstream bytes count: once it sent enough, until 15 s after the last."""

    __slots__ = ("bin", "bytes", "closed_at", "end", "flow", "key", "number", "since", "until")

    def __init__(self, number: int, key: int, flow: FlowKey, since: int, until: int) -> None:
        self.number = number
        self.key = key  #: hash of the flow
        self.flow = flow
        self.since = since  #: number of the frame that began it
        self.until = until
        self.end = _NEVER  #: number of the frame that closed the flow, and when
        self.closed_at = _NEVER
        self.bin = 0  #: the bin that is not over yet, and its bytes
        self.bytes = 0

    def close(self, frame: int, time: int) -> None:
        """Let the stretch end with the flow."""
        self.end, self.closed_at = frame, time

    def flush(self) -> _Timed:
        """Return the last bin, with its sorting key, and begin another. It ends with the flow, if that is sooner."""
        time = min((self.bin + 1) * _BIN, self.closed_at)
        down = Down(time / 1e6, self.flow, self.bytes)
        self.bytes = 0
        return time, self.number, down


class Watches:
    """All stretches that are open, or were at some time in the current chunk."""

    def __init__(self) -> None:
        self._begun = 0
        self._open: dict[int, list[Watch]] = {}
        self._filling: dict[int, Watch] = {}  # those with a bin that is not over, by their number
        self._forget_at = 0

    def begin(self, key: int, flow: FlowKey, frame: int, until: int) -> Watch:
        """Begin a stretch of a flow, with the piece in frame number ``frame``."""
        self._begun += 1
        watch = Watch(self._begun, key, flow, frame, until)
        self._open.setdefault(key, []).append(watch)
        return watch

    def __len__(self) -> int:
        """Return how many flows are watched."""
        return len(self._open)

    def feed(self, keys: U64, times: I64, frames: I64, lengths: I64, now: int) -> list[Down]:
        """Take the downstream data frames until ``now``: flow keys, times in us, frame numbers, bytes.

        Returns the bins that are over, in order of time.
        """
        places = slots(keys)
        downs: list[_Timed] = []
        for layer in self._layers():
            table = np.full(SLOTS, -1, np.int16)
            table[slots(np.array([watch.key for watch in layer], np.uint64))] = np.arange(len(layer))
            index = table[places]
            rows = np.flatnonzero(index >= 0)
            rows = rows[_within(layer, index[rows], keys[rows], times[rows], frames[rows])]
            for number, bin_, total in _sums(index[rows], times[rows] // _BIN, lengths[rows]):
                watch = layer[number]
                if bin_ != watch.bin:
                    if watch.bytes:
                        downs.append(watch.flush())
                    watch.bin = bin_
                watch.bytes += total
                self._filling[watch.number] = watch
        return self._until(now, downs)

    def advance(self, now: int) -> list[Down]:
        """Return the bins that are over because it is ``now`` (us): no frame from before will come."""
        return self._until(now, [])

    def _until(self, now: int, downs: list[_Timed]) -> list[Down]:
        """Put the bins that are over by now to those that are, in order."""
        downs += self._over(now)
        self._forget(now)
        return [down for _, _, down in sorted(downs)]

    def _layers(self) -> Iterator[list[Watch]]:
        """Yield the stretches in lists within which each has its own place in a table: hardly ever more than two."""
        rest = [watch for stretches in self._open.values() for watch in stretches]
        while rest:
            layer = {slot(watch.key): watch for watch in reversed(rest)}
            yield [*layer.values()]
            rest = [watch for watch in rest if layer[slot(watch.key)] is not watch]

    def finish(self) -> list[Down]:
        """Return the bins that are not over, because nothing more will come."""
        downs = [watch.flush() for watch in self._filling.values()]
        self._open.clear()
        self._filling.clear()
        self._forget_at = 0
        return [down for _, _, down in sorted(downs)]

    def _over(self, now: int) -> Iterator[_Timed]:
        """Yield the last bins that are over."""
        for number, watch in list(self._filling.items()):
            if now >= min((watch.bin + 1) * _BIN, watch.closed_at):
                yield watch.flush()
                del self._filling[number]

    def _forget(self, now: int) -> None:
        """Forget the stretches that are over; once a second, since nobody can tell."""
        if now < self._forget_at and len(self._open) < limits.FLOWS:
            return
        self._forget_at = now + _SECOND
        for key, stretches in list(self._open.items()):
            stretches[:] = [watch for watch in stretches if watch.closed_at > now and watch.until >= now]
            if not stretches:
                del self._open[key]


def _within(layer: list[Watch], index: NDArray[np.int16], keys: U64, times: I64, frames: I64) -> NDArray[np.bool_]:
    """Say which frames fall into the stretch that ``index`` points to."""
    within: NDArray[np.bool_] = np.array([watch.key for watch in layer], np.uint64)[index] == keys
    if not len(keys):
        return within
    if max(watch.since for watch in layer) >= frames[0]:
        within &= np.array([watch.since for watch in layer])[index] < frames
    if min(watch.end for watch in layer) <= frames[-1]:
        within &= np.array([watch.end for watch in layer])[index] > frames
    if min(watch.until for watch in layer) < times[-1]:
        within &= np.array([watch.until for watch in layer])[index] >= times
    return within


def _sums(group: NDArray[np.int16], bins: I64, lengths: I64) -> Iterator[tuple[int, int, int]]:
    """Yield (group, bin, bytes), in order of time within each group."""
    if not len(group):
        return
    order = np.argsort(group, kind="stable")
    group, bins = group[order], bins[order]
    first = np.flatnonzero(np.diff(group, prepend=-1) | np.diff(bins, prepend=-1))
    yield from zip(
        group[first].tolist(), bins[first].tolist(), np.add.reduceat(lengths[order], first).tolist(), strict=True
    )
