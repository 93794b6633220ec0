# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets of several ports as if they came by one: in order of time, up to a moment behind which no more is to come."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from appliance.capture.frames import I64, U8, Packets
from appliance.capture.streams import ROOM


class Merge:
    """Keeps what is newer than the moment until its time has come; packets of the same time stay as they were fed."""

    def __init__(self, link: int = 1) -> None:
        self._waiting: list[Packets] = []
        self._link = link

    def feed(self, packets: Packets) -> None:
        """Take packets of one port; all ports are of one link type."""
        if len(packets.at):
            self._waiting.append(packets)

    def until(self, time: int) -> Packets:
        """Return the packets up to ``time`` (ns), which may be none; those that come too late for it come next time."""
        due = [packets.time <= time for packets in self._waiting]
        ready = _rows(self._waiting, due)
        self._waiting = _rows(self._waiting, [~rows for rows in due])
        return ready[0] if len(ready) == 1 and _sorted(ready[0].time) else _joined(ready, self._link)

    def finish(self) -> Packets:
        """Return all packets that wait."""
        return self.until(np.iinfo(np.int64).max)


def _rows(chunks: Iterable[Packets], chosen: Iterable[NDArray[np.bool_]]) -> list[Packets]:
    """Return the chosen packets of each chunk that has some; the bytes are not copied."""
    return [_some(packets, rows) for packets, rows in zip(chunks, chosen, strict=True) if rows.any()]


def _some(packets: Packets, rows: NDArray[np.bool_]) -> Packets:
    if rows.all():
        return packets
    return replace(
        packets,
        at=packets.at[rows],
        captured=packets.captured[rows],
        wire=packets.wire[rows],
        time=packets.time[rows],
    )


def _joined(chunks: Sequence[Packets], link: int) -> Packets:
    """Return the packets of all chunks in order of time, in one buffer."""
    none: I64 = np.zeros(0, np.int64)
    buffers: list[U8] = [packets.buffer for packets in chunks]
    begins = np.cumsum([0, *(len(buffer) for buffer in buffers)])
    time = np.concatenate([none, *(packets.time for packets in chunks)])
    order = np.argsort(time, kind="stable")
    return Packets(
        buffer=np.concatenate([*buffers, np.zeros(ROOM, np.uint8)]),
        at=np.concatenate([none, *(packets.at + begin for packets, begin in zip(chunks, begins, strict=False))])[order],
        captured=np.concatenate([none, *(packets.captured for packets in chunks)])[order],
        wire=np.concatenate([none, *(packets.wire for packets in chunks)])[order],
        time=time[order],
        link=link,
    )


def _sorted(time: I64) -> bool:
    return not np.any(time[1:] < time[:-1])
