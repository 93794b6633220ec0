# SPDX-License-Identifier: GPL-2.0-or-later
"""A UDP conversation: datagrams as they are written, late where the Wi-Fi stalls (RFC 768)."""

from operator import itemgetter

import numpy as np

from appliance.simulate.link import Link
from appliance.simulate.rows import Bytes, Rows, concatenate, microseconds
from appliance.simulate.segments import Write
from appliance.simulate.tcp import WHOLE, Snaps
from appliance.simulate.wire import UDP, End, Lane

INTRODUCTION = 1  #: flag of a write that is kept whole


class Datagrams:
    """One UDP flow, from the device's side."""

    def __init__(self, device: End, remote: End, link: Link, snaps: Snaps = WHOLE) -> None:
        self._lanes = (Lane(remote, device, UDP), Lane(device, remote, UDP))  # indexed by ``up``
        self._link = link
        self._snaps = snaps
        self._writes: list[Write] = []
        self.device, self.remote = device, remote
        self.closed = False

    @property
    def idle(self) -> bool:
        """Say whether nothing more will come of it."""
        return self.closed and not self._writes

    def write(self, time: float, content: bytes, *, up: bool = True) -> None:
        """Let the device (or, with ``up`` false, the remote end) send one datagram at ``time``."""
        self._writes.append(Write(time, up, content))

    def introduce(self, time: float, content: bytes) -> None:
        """Let the device send a datagram that is kept whole, whatever the snap length."""
        self._writes.append(Write(time, up=True, content=content, flags=INTRODUCTION))

    def close(self) -> None:
        """Say that nothing more will be written."""
        self.closed = True

    def rows(self, until: float) -> Rows | None:
        """Return the frames of all that is written before ``until``; None if nothing is."""
        due = [write for write in self._writes if write.time < until]
        if not due:
            return None
        self._writes = [write for write in self._writes if write.time >= until]
        due.sort(key=itemgetter(0))
        return concatenate([self._frames([write for write in due if write.up == up], up=up) for up in (False, True)])

    def _frames(self, writes: list[Write], *, up: bool) -> Rows:
        lane = self._lanes[up]
        time = np.array([write.time for write in writes], np.float64)
        time = self._link.release(time) if up else time
        length = np.array([len(write.content) for write in writes], np.int64)
        size = np.full(len(writes), lane.size, np.int64)
        payload: list[Bytes] = [write.content if write.flags else write.content[: self._snaps[up]] for write in writes]
        return Rows(microseconds(time), size + length, lane.datagrams(length), size, payload)
