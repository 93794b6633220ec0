# SPDX-License-Identifier: GPL-2.0-or-later
"""A TCP connection that turns what the two programs write into frames, a stretch of time at once (RFC 9293)."""

from operator import itemgetter
from typing import NamedTuple

import numpy as np

from appliance.simulate.link import TIMEOUT, Link
from appliance.simulate.rows import F64, I64, Bytes, Rows, concatenate, microseconds
from appliance.simulate.segments import ACK, FIN, SYN, Segments, Write, received_until, segment, sent_until
from appliance.simulate.wire import TCP, End, Lane

PACE = (0.0001, 0.0006)  #: seconds a full segment takes on the way, 20 to 100 Mbit/s
ROUND_TRIP = (0.012, 0.03)  #: seconds from home to a data centre and back
TURN = 0.00001  #: seconds from what comes in to what answers it
Snaps = tuple[int, int]  # payload bytes kept of each downstream and each upstream frame
WHOLE = (1 << 16, 1 << 16)
HOME_ANSWER = (0.0005, 0.004)  #: seconds until the device acknowledges


class Copies(NamedTuple):
    """Which segments of one direction are sent again though they were seen, and when."""

    which: I64
    time: F64


class Connection:
    """One connection, from the device's side. Writes may come in any order but not before the last ``rows``."""

    def __init__(self, device: End, remote: End, link: Link, snaps: Snaps = WHOLE) -> None:
        self._lanes = (Lane(remote, device, TCP), Lane(device, remote, TCP))  # indexed by ``up``
        self._mss = self._lanes[True].room
        self._link = link
        self._snaps = snaps
        self._next = [int(n) for n in link.noise.integers(1, 1 << 32, 2)]
        self._whole = list(self._next)  # up to here payload is kept whole, whatever the snap length
        self._sent = [0.0, 0.0]
        self._writes: list[Write] = []
        self._round_trip = float(link.noise.uniform(*ROUND_TRIP))
        self.device, self.remote = device, remote
        self.closed = False

    @property
    def idle(self) -> bool:
        """Say whether nothing more will come of it."""
        return self.closed and not self._writes

    def write(self, time: float, content: bytes, *, up: bool = True) -> None:
        """Let the device (or, with ``up`` false, the remote end) write ``content`` at ``time``."""
        self._writes.append(Write(time, up, content))

    def open(self, time: float) -> float:
        """Shake hands from ``time`` on; return when the device may write."""
        time = float(self._link.release(np.array([time]))[0])
        self._writes += [Write(time, up=True, content=b"", flags=SYN)]
        self._writes += [Write(time + self._round_trip, up=False, content=b"", flags=SYN)]
        self._whole[True] = self._next[True] + 2048  # a ClientHello
        return time + self._round_trip + 2 * HOME_ANSWER[1]

    def close(self, time: float) -> None:
        """End the connection at ``time``, the device first."""
        self._writes += [Write(time, up=True, content=b"", flags=FIN)]
        self._writes += [Write(time + self._round_trip, up=False, content=b"", flags=FIN)]
        self.closed = True

    def rows(self, until: float) -> Rows | None:
        """Return the frames of all that is written before ``until``; None if nothing is."""
        due = [write for write in self._writes if write.time < until]
        if not due:
            return None
        self._writes = [write for write in self._writes if write.time >= until]
        due.sort(key=itemgetter(0))
        before = tuple(self._next)
        sides = tuple(self._segments([write for write in due if write.up == up], up=up) for up in (False, True))
        copies = tuple(self._troubles(side) for side in sides)
        return concatenate([self._frames(sides, copies, before, up=up) for up in (False, True)])

    def _segments(self, writes: list[Write], *, up: bool) -> Segments:
        times = np.array([write.time for write in writes], np.float64)
        times = self._link.release(times) if up else times
        cut = segment(writes, times, self._next[up], self._mss, self._link.merge)
        opening = (cut.flags & SYN) != 0
        cut.flags |= np.where(opening & up, 0, ACK)
        cut.time = self._paced(cut.time, cut.length, up=up)
        if len(cut.time):
            self._next[up] = int(cut.end[-1])
        return cut

    def _kept(self, mine: Segments, *, up: bool) -> list[Bytes]:
        """Return what the capture keeps of each payload."""
        snap, whole = self._snaps[up], self._whole[up]
        if snap >= WHOLE[up]:
            return mine.payload
        starts = mine.start.tolist()  # what is cut is copied, so that the rest of the stream can go
        return [part if start < whole else bytes(part[:snap]) for part, start in zip(mine.payload, starts, strict=True)]

    def _paced(self, times: F64, length: I64, *, up: bool) -> F64:
        """Return when each segment is sent: one after the other, none before its time."""
        if not len(times):
            return times
        service = self._link.noise.uniform(*PACE, len(times)) * np.minimum(1.0, length / self._mss) + 0.00002
        queue = np.cumsum(service)
        waits = times - (queue - service)
        waits[0] = max(waits[0], self._sent[up])
        sent: F64 = np.maximum.accumulate(waits) + queue - service
        self._sent[up] = float(sent[-1])
        return sent

    def _frames(
        self, sides: tuple[Segments, ...], copies: tuple[Copies, ...], before: tuple[int, ...], *, up: bool
    ) -> Rows:
        """Return this direction's data, what it sends again, and its bare ACKs of the other's data."""
        mine, other, (again, later) = sides[up], sides[not up], copies[up]
        acks = self._ack_times(other, copies[not up].time, up=up)
        time = np.concatenate((mine.time, later, acks))
        none = np.zeros(len(acks), np.int64)
        sequence = np.concatenate((mine.start, mine.start[again], sent_until(mine, before[up], acks)))
        length = np.concatenate((mine.length, mine.length[again], none))
        flags = np.concatenate((mine.flags, mine.flags[again], none + ACK))
        kept = self._kept(mine, up=up)
        payload = kept + [kept[i] for i in again.tolist()] + [b""] * len(acks)
        lane = self._lanes[up]
        head = lane.segments(length, sequence, received_until(other, before[not up], time - TURN), flags)
        size = np.full(len(time), lane.size, np.int64)
        return Rows(microseconds(time), size + length, head, size, payload)

    def _troubles(self, mine: Segments) -> Copies:
        """Delay what is overtaken, and what is seen only as it is sent again; return what is seen twice."""
        data = np.flatnonzero(mine.length > 0)
        late = data[self._link.late(len(data))]
        lost = data[self._link.lost(len(data))]
        again = data[self._link.repeated(len(data))]
        mine.time[late] += self._link.noise.uniform(0.001, 0.004, len(late))
        mine.time[lost] += self._link.noise.uniform(*TIMEOUT, len(lost))
        return Copies(again, mine.time[again] + self._link.noise.uniform(*TIMEOUT, len(again)))

    def _ack_times(self, other: Segments, copies: F64, *, up: bool) -> F64:
        """Return when this direction acknowledges what the other sends: the device at once, the remote a trip later."""
        opening = (other.flags[other.answered] & (SYN | ACK)) == SYN  # is answered by a SYN of the other side's own
        seen: F64 = np.concatenate((other.time[other.answered[~opening]], copies))
        if up:
            return seen + self._link.noise.uniform(*HOME_ANSWER, len(seen))
        return seen + self._round_trip + self._link.noise.uniform(0, 0.003, len(seen))
