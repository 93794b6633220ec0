# SPDX-License-Identifier: GPL-2.0-or-later
"""From what a program writes to TCP segments: what leaves together is cut together (RFC 9293)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from appliance.simulate.rows import F64, I64, Bytes

FIN, SYN, PSH, ACK = 1, 2, 8, 16


class Write(NamedTuple):
    """What one program hands to its TCP at one moment. ``flags`` for the connection's own opening and end."""

    time: float
    up: bool
    content: bytes
    flags: int = 0


@dataclass(slots=True)
class Segments:
    """One direction's data segments of one stretch, in order of their numbers."""

    time: F64  #: when the segment may leave
    start: I64  #: sequence number, not wrapped
    length: I64
    flags: I64
    payload: list[Bytes]
    answered: I64  #: indices of those that the other side acknowledges at once: every second, and the last of a burst

    @property
    def end(self) -> I64:
        """Sequence number after each segment."""
        return self.start + self.length + _phantom(self.flags)


def segment(writes: Sequence[Write], times: F64, number: int, mss: int, merge: Callable[[int], I64]) -> Segments:
    """Cut ``writes``, which leave at ``times`` (sorted), into segments whose sequence numbers begin at ``number``.

    A segment holds at most ``mss`` bytes; ``merge`` says for so many bursts how many segments each of them packs into
    one frame.
    """
    sizes = np.array([len(write.content) for write in writes], np.int64)
    flags = np.array([write.flags for write in writes], np.int64)
    first = _bursts(times, flags)
    size, flags = np.add.reduceat(sizes, first) if len(first) else sizes, flags[first]
    taken = size + _phantom(flags)
    unit = mss * merge(len(first))
    count = np.maximum(1, -(-size // unit))
    of = np.repeat(np.arange(len(first)), count)  # the burst that each segment is of
    within = np.arange(len(of)) - (np.cumsum(count) - count)[of]
    offset = within * unit[of]
    length = np.minimum(unit[of], size[of] - offset)
    last = within == count[of] - 1
    start = (number + np.cumsum(taken) - taken)[of] + offset
    place = (np.cumsum(size) - size)[of] + offset
    marks = flags[of] | np.where(last & (length > 0), PSH, 0)
    answered = np.flatnonzero(last | (within % 2 == 1))
    return Segments(times[first][of], start, length, marks, _slices(writes, place, length), answered)


def _bursts(times: F64, flags: I64) -> I64:
    """Return where each burst begins: at each new time, and before and after what has flags of its own."""
    flagged = flags != 0
    alone = flagged | np.concatenate(([False], flagged[:-1]))[: len(flags)]
    return np.flatnonzero((np.diff(times, prepend=-1.0) > 0) | alone)


def _slices(writes: Sequence[Write], place: I64, length: I64) -> list[Bytes]:
    stream = memoryview(b"".join([write.content for write in writes]))
    return [stream[at : at + size] for at, size in zip(place.tolist(), length.tolist(), strict=True)]


def _phantom(flags: I64) -> I64:
    """Return the sequence number that a SYN or a FIN takes for itself."""
    own: I64 = ((flags & (SYN | FIN)) != 0).astype(np.int64)
    return own


def sent_until(mine: Segments, before: int, times: F64) -> I64:
    """Return the sequence number that comes next in what was sent by each of ``times``."""
    order = np.argsort(mine.time, kind="stable")
    highest: I64 = np.maximum.accumulate(np.append(before, mine.end[order]))
    reached: I64 = highest[np.searchsorted(mine.time[order], times, "right")]
    return reached


def received_until(other: Segments, before: int, times: F64) -> I64:
    """Return up to which sequence number ``other`` had arrived without a hole by each of ``times``."""
    order = np.argsort(other.time, kind="stable")
    final = int(other.end.max()) if len(other.end) else before
    missing = np.append(other.start[order], final)
    edge: I64 = np.minimum.accumulate(missing[::-1])[::-1]
    reached: I64 = edge[np.searchsorted(other.time[order], times, "right")]
    return reached
