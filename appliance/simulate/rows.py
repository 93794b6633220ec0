# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames on their way to the file: columns for what is computed by the thousand, a list for the payloads."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Bytes = bytes | memoryview

WIDEST_HEAD = 74  #: bytes: Ethernet 14, IPv6 40, TCP 20


@dataclass(frozen=True, slots=True)
class Rows:
    """Frames, one per row, in any order. ``head[:length]`` then ``payload`` is what the file keeps of a frame."""

    time: I64  #: microseconds since the epoch
    wire: I64  #: bytes the frame had on the wire
    head: U8  #: (n, 74) header bytes, only the first ``head_length`` of each row count
    head_length: I64  #: 0 where the payload is the whole frame
    payload: list[Bytes]  #: the captured payload bytes, already cut

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.payload)

    def take(self, index: I64) -> "Rows":
        """Return the rows at ``index``, in its order."""
        payload = [self.payload[i] for i in index.tolist()]
        return Rows(self.time[index], self.wire[index], self.head[index], self.head_length[index], payload)

    def cut(self, snap: int) -> "Rows":
        """Return the rows with at most ``snap`` bytes kept of each frame; all of them if ``snap`` is 0."""
        if not snap:
            return self
        head = np.minimum(self.head_length, snap)
        payload = [kept[: max(0, room)] for kept, room in zip(self.payload, (snap - head).tolist(), strict=True)]
        return Rows(self.time, self.wire, self.head, head, payload)


def concatenate(parts: Sequence[Rows]) -> Rows:
    """Return all rows of all parts, one part after the other."""
    if not parts:
        return whole_frames([])
    return Rows(
        np.concatenate([part.time for part in parts]),
        np.concatenate([part.wire for part in parts]),
        np.concatenate([part.head for part in parts]),
        np.concatenate([part.head_length for part in parts]),
        list(chain.from_iterable(part.payload for part in parts)),
    )


def whole_frames(frames: Sequence[tuple[float, bytes]]) -> Rows:
    """Return rows for ready-made frames, each given as (seconds since the epoch, bytes)."""
    time = microseconds(np.array([when for when, _ in frames], np.float64))
    wire = np.array([len(frame) for _, frame in frames], np.int64)
    head = np.zeros((len(frames), WIDEST_HEAD), np.uint8)
    return Rows(time, wire, head, np.zeros(len(frames), np.int64), [frame for _, frame in frames])


def microseconds(seconds: F64) -> I64:
    """Return times in seconds as whole microseconds."""
    return np.round(seconds * 1e6).astype(np.int64)
