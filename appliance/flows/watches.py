# SPDX-License-Identifier: GPL-2.0-or-later
"""Downstream bytes of the flows that lately sent something: summed in 100-ms bins, whole columns at once."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from appliance import limits
from appliance.capture.frames import I64, U64
from appliance.events import Down, FlowKey

_BIN = 100_000  # all times here are whole microseconds
_WATCH = int(limits.WATCH * 1_000_000)
_NEVER = 1 << 62


class Watch:
    """One stretch of one flow in which its downstream bytes count: from its first piece until 15 s after its last."""

    __slots__ = ("bin", "bytes", "closed_at", "end", "flow", "number", "since", "until")

    def __init__(self, number: int, flow: FlowKey, since: int) -> None:
        self.number = number
        self.flow = flow
        self.since = since  #: number of the frame that began it
        self.until = 0
        self.end = _NEVER  #: number of the frame that closed the flow, and when
        self.closed_at = _NEVER
        self.bin = 0  #: the bin that is not over yet, and its bytes
        self.bytes = 0

    def close(self, frame: int, time: int) -> None:
        """Let the stretch end with the flow."""
        self.end, self.closed_at = frame, time

    def add(self, bin_: int, total: int) -> Iterator[tuple[int, int, Down]]:
        """Add bytes to a bin; yield the bin before it, if that had any."""
        if bin_ != self.bin:
            yield from self.flush()
            self.bin = bin_
        self.bytes += total

    def flush(self) -> Iterator[tuple[int, int, Down]]:
        """Yield the last bin, with its sorting key. It ends with the flow, if that is sooner."""
        if self.bytes:
            time = min((self.bin + 1) * _BIN, self.closed_at)
            yield time, self.number, Down(time / 1e6, self.flow, self.bytes)
            self.bytes = 0


class Watches:
    """All stretches that are open, or were at some time in the current chunk."""

    def __init__(self) -> None:
        self._begun = 0
        self._open: dict[int, list[Watch]] = {}

    def begin(self, key: int, flow: FlowKey, frame: int) -> Watch:
        """Begin a stretch of a flow, with the piece in frame number ``frame``."""
        self._begun += 1
        watch = Watch(self._begun, flow, frame)
        self._open.setdefault(key, []).append(watch)
        return watch

    def __len__(self) -> int:
        """Return how many flows are watched."""
        return len(self._open)

    def feed(self, keys: U64, times: I64, frames: I64, lengths: I64, now: int) -> list[Down]:
        """Take the downstream data frames until ``now``: flow keys, times in us, frame numbers, bytes.

        Returns the bins that are over, in order of time.
        """
        unique, inverse = np.unique(keys, return_inverse=True)
        found = [self._open.get(key, []) for key in unique.tolist()]
        downs: list[tuple[int, int, Down]] = []
        for nth in range(max(map(len, found), default=0)):  # most flows have one stretch in a chunk
            watches = [stretches[nth] if nth < len(stretches) else None for stretches in found]
            spans = np.array([(w.since, w.end, w.until) if w else (_NEVER, 0, 0) for w in watches])[inverse]
            rows = np.flatnonzero((frames > spans[:, 0]) & (frames < spans[:, 1]) & (times <= spans[:, 2]))
            for index, bin_, total in _sums(inverse[rows], times[rows] // _BIN, lengths[rows]):
                if (watch := watches[index]) is not None:
                    downs += watch.add(bin_, total)
        downs += self._over(now)
        return [down for _, _, down in sorted(downs)]

    def finish(self) -> list[Down]:
        """Return the bins that are not over, because nothing more will come."""
        downs = [down for stretches in self._open.values() for watch in stretches for down in watch.flush()]
        self._open.clear()
        return [down for _, _, down in sorted(downs)]

    def _over(self, now: int) -> Iterator[tuple[int, int, Down]]:
        """Yield the last bins that are over, and forget the stretches that are."""
        for key, stretches in list(self._open.items()):
            for watch in stretches:
                if now >= min((watch.bin + 1) * _BIN, watch.closed_at):
                    yield from watch.flush()
            stretches[:] = [
                watch for watch in stretches if watch.bytes or (watch.closed_at > now and watch.until >= now)
            ]
            if not stretches:
                del self._open[key]


def _sums(group: NDArray[np.intp], bins: I64, lengths: I64) -> Iterator[tuple[int, int, int]]:
    """Yield (group, bin, bytes), in order of time within each group."""
    if not len(group):
        return
    order = np.argsort(group, kind="stable")
    group, bins = group[order], bins[order]
    first = np.flatnonzero(np.diff(group, prepend=-1) | np.diff(bins, prepend=-1))
    yield from zip(
        group[first].tolist(), bins[first].tolist(), np.add.reduceat(lengths[order], first).tolist(), strict=True
    )
