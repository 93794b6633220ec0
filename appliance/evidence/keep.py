# SPDX-License-Identifier: GPL-2.0-or-later
"""The last minute of each speaker's frames, in memory, in case an upload makes them evidence. Time from frames."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from appliance.capture.frames import U8, U64, Frames, Packets
from appliance.capture.streams import ROOM
from appliance.evidence.headers import bare, whole
from appliance.limits import EVIDENCE_BEFORE_S, EVIDENCE_BYTES, EVIDENCE_SPEAKER_BYTES

ETHERNET = 1
_BEFORE = int(EVIDENCE_BEFORE_S * 1e9)
_NOBODY = np.uint64(1 << 63)  # greater than any MAC address
_ROW = np.dtype([("time", "<i8"), ("wire", "<u4"), ("captured", "<u4")])
_CHUNK_BYTES = 300  # that a chunk takes besides what is in it

Rows = NDArray[np.intp]


class _Chunk(NamedTuple):
    """Frames of one speaker that came at once: a row for each, and their bytes one after the other."""

    rows: NDArray[np.void]
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data) + self.rows.nbytes + _CHUNK_BYTES

    def some(self, begin: int, end: int) -> "_Chunk":
        ends = np.cumsum(self.rows["captured"], dtype=np.int64)
        first = int(ends[begin - 1]) if begin else 0
        return _Chunk(self.rows[begin:end].copy(), self.data[first : int(ends[end - 1]) if end else 0])


class _Track:
    """The frames of one speaker."""

    def __init__(self) -> None:
        self.chunks: deque[_Chunk] = deque()
        self.size = 0
        self.held_since: int | None = None  # ns; from when on nothing is to be forgotten
        self.full = False

    def forget(self, before: int) -> None:
        """Drop what is from before a time (ns), unless it is held."""
        if self.held_since is not None:
            before = min(before, self.held_since)
        while self.chunks and self.chunks[0].rows["time"][-1] < before:
            self.size -= self.chunks.popleft().size

    def add(self, chunk: _Chunk, room: int) -> int:
        """Take frames; return how many found no room: the oldest, but the new ones while the old ones are held."""
        lost = 0
        while self.held_since is None and self.chunks and self.size + chunk.size > room:
            oldest = self.chunks.popleft()
            self.size -= oldest.size
            lost += len(oldest.rows)
        count = len(chunk.rows)
        if self.size + chunk.size > room:
            self.full = self.held_since is not None
            chunk = _fitting(chunk, room - self.size, newest=not self.full)
        if len(chunk.rows):
            self.chunks.append(chunk)
            self.size += chunk.size
        return lost + count - len(chunk.rows)


class Keep:
    """Keeps frames of the speakers it was told of, each with the same share of the memory.

    ``whole`` keeps them as they were captured, else their headers.
    """

    def __init__(self, *, whole: bool = False) -> None:
        self.dropped = 0  #: frames that found no room
        self.whole = whole  #: new frames are kept as they were captured
        self._tracks: dict[int, _Track] = {}
        self._macs: U64 = np.array([_NOBODY])

    def watch(self, macs: Iterable[int]) -> None:
        """Keep frames of these devices from now on, and of no others; what is held of others stays until released."""
        wanted = set(macs) | {mac for mac, track in self._tracks.items() if track.held_since is not None}
        self._tracks = {mac: self._tracks.get(mac) or _Track() for mac in sorted(wanted)}
        self._macs = np.array([*self._tracks, _NOBODY], np.uint64)

    def watches(self, mac: int) -> bool:
        """Say whether frames of a device are kept."""
        return mac in self._tracks

    def feed(self, frames: Frames) -> None:
        """Take the next frames; only those that came by Ethernet tell whose they are."""
        if not self._tracks or not len(frames) or frames.packets.link != ETHERNET:
            return
        before = int(frames.packets.time[0]) - _BEFORE
        for track in self._tracks.values():
            track.forget(before)
        source, target = self._places(frames.source), self._places(frames.target)
        chosen = np.flatnonzero((source >= 0) | (target >= 0))
        if not len(chosen):
            return
        source, target = source[chosen], target[chosen]
        tracks = list(self._tracks.values())
        for place in {*source.tolist(), *target.tolist()} - {-1}:
            up = source == place
            mine = up | (target == place)
            rows = chosen[mine]
            kept = whole(frames, rows) if self.whole else bare(frames, rows, up[mine])
            self.dropped += tracks[place].add(_chunk(frames.packets, rows, kept), self._share)

    def hold(self, mac: int, since: float | None) -> None:
        """Forget nothing of a device from ``since`` on (seconds), or, with None, the usual from now on."""
        track = self._tracks[mac]
        track.held_since = None if since is None else int(since * 1e9)
        track.full = track.full and since is not None

    def full(self, mac: int) -> bool:
        """Say whether there is no more room for what is held of a device."""
        return self._tracks[mac].full

    def between(self, mac: int, begin: float, end: float) -> Packets:
        """Return a device's frames from ``begin`` to ``end`` (seconds), as far as they are kept, in order of time."""
        return _packets(list(_within(self._tracks[mac].chunks, int(begin * 1e9), int(end * 1e9))))

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return sum(track.size for track in self._tracks.values())

    @property
    def _share(self) -> int:
        return min(EVIDENCE_SPEAKER_BYTES, EVIDENCE_BYTES // len(self._tracks))

    def _places(self, macs: U64) -> Rows:
        """Return the place of each address among those watched, -1 for others."""
        places = np.searchsorted(self._macs, macs)
        return np.where(self._macs[places] == macs, places, -1)


def _chunk(packets: Packets, chosen: Rows, frames: list[bytes]) -> _Chunk:
    rows = np.empty(len(chosen), _ROW)
    rows["time"], rows["wire"] = packets.time[chosen], packets.wire[chosen]
    rows["captured"] = np.fromiter(map(len, frames), np.int64, len(frames))
    return _Chunk(rows, b"".join(frames))


def _fitting(chunk: _Chunk, room: int, *, newest: bool) -> _Chunk:
    """Return as many of a chunk's newest, or of its oldest, frames as there is room for."""
    each = chunk.rows["captured"].astype(np.int64) + _ROW.itemsize
    count = len(each)
    fit = int(np.searchsorted(np.cumsum(each[::-1] if newest else each), room - _CHUNK_BYTES, side="right"))
    return chunk.some(count - fit, count) if newest else chunk.some(0, fit)


def _within(chunks: Iterable[_Chunk], begin: int, end: int) -> Iterator[_Chunk]:
    for chunk in chunks:
        inside = np.flatnonzero((chunk.rows["time"] >= begin) & (chunk.rows["time"] <= end))
        if len(inside):
            yield chunk.some(int(inside[0]), int(inside[-1]) + 1)


def _packets(chunks: list[_Chunk]) -> Packets:
    rows = np.concatenate([np.empty(0, _ROW), *(chunk.rows for chunk in chunks)])
    buffer: U8 = np.frombuffer(b"".join([*(chunk.data for chunk in chunks), bytes(ROOM)]), np.uint8)
    captured = rows["captured"].astype(np.int64)
    at = np.cumsum(captured) - captured
    order = np.argsort(rows["time"], kind="stable")
    time, wire = rows["time"].astype(np.int64), rows["wire"].astype(np.int64)
    return Packets(buffer, at[order], captured[order], wire[order], time[order], ETHERNET)
