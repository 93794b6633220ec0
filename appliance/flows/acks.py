# SPDX-License-Identifier: GPL-2.0-or-later
"""What remote sides acknowledge: bytes that they have and the capture has not were lost by the capture, not by the net.

Who knows that need not wait for a retransmission. Looked up only for flows with a hole, so others cost nothing.
"""

import numpy as np

from appliance.capture.frames import I64, U32, U64, Frames
from appliance.flows.selection import RST, TCP
from appliance.flows.sides import Rows, Sides, flow_hash

_ACK = 16
_HALF = np.uint32(1 << 31)
_FIRST_LOOK = 32  # acknowledgements looked at together; most often one of the first is the one


class Acknowledgements:
    """The acknowledgements of one chunk of frames, by flow."""

    def __init__(self) -> None:
        self._frames: Frames | None = None
        self._sides: Sides | None = None
        self._times: I64 = np.empty(0, np.int64)
        self._found: tuple[U64, Rows, U32] | None = None

    def begin(self, frames: Frames | None, times: I64, sides: Sides | None) -> None:
        """Take the next chunk with its times (us), or None where there are no frames."""
        self._frames, self._times, self._sides, self._found = frames, times, sides, None

    def beyond(self, flow: int, position: int, row: int) -> int | None:
        """Return when, in a frame after ``row``, the remote side first acknowledged bytes beyond ``position``."""
        if self._frames is None or self._sides is None:
            return None
        hashes, rows, numbers = self._sorted(self._frames, self._sides)
        begin, end = np.searchsorted(hashes, np.uint64(flow), "left"), np.searchsorted(hashes, np.uint64(flow), "right")
        at = int(begin + np.searchsorted(rows[begin:end], row, "right"))
        size = _FIRST_LOOK
        while at < end:
            last = min(at + size, int(end))
            ahead = numbers[at:last] - np.uint32(position & 0xFFFFFFFF)
            good = np.flatnonzero((ahead > 0) & (ahead < _HALF))
            if len(good):
                return int(self._times[rows[at + int(good[0])]])
            at, size = last, size * 8
        return None

    def _sorted(self, frames: Frames, sides: Sides) -> tuple[U64, Rows, U32]:
        """Return the acknowledging rows by flow, in order within each: hash of the flow, row, number."""
        if self._found is None:
            rows = np.flatnonzero(sides.down & (frames.protocol == TCP) & (frames.flags & (_ACK | RST) == _ACK))
            hashes = flow_hash(frames, rows, up=False)
            order = np.argsort(hashes, kind="stable")
            self._found = hashes[order], rows[order], frames.acknowledged[rows[order]]
        return self._found
