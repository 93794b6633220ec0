# SPDX-License-Identifier: GPL-2.0-or-later
"""The selected frames of a chunk, as lists that Python reads fast."""

from typing import NamedTuple

import numpy as np

from appliance.capture.frames import I64, U8, U64, Frames
from appliance.events import FlowKey
from appliance.flows.addresses import ip_text, mac_text
from appliance.flows.bulk import Bulk, Hush
from appliance.flows.selection import FIN, RST, SYN, TCP, Reason, Selection
from appliance.flows.sides import COOKED, flow_hash


class Party(NamedTuple):
    """One end of a frame within the house."""

    device: str  #: as events name it; empty if the frame does not tell
    name: str  #: what its DNS answers are remembered by: the same, or its IP address where frames tell one MAC alone


class Begun(NamedTuple):
    """What the first frame of a flow tells of it."""

    hash: int
    key: FlowKey
    remote: int  #: address as a number
    asker: str  #: the Party's name


class Chunk:
    """Lists of equal length, one entry per selected frame, named as the columns of Frames."""

    __slots__ = (
        "_frames",
        "at",
        "buffer",
        "flags",
        "hash",
        "hush",
        "payload",
        "present",
        "reason",
        "row",
        "sequence",
        "time",
    )

    def __init__(self, frames: Frames, times: I64, selection: Selection, bulk: Bulk) -> None:
        hashes = _hashes(frames, selection)
        hush = _hush(frames, times, selection, hashes, bulk)
        worth = (hush != Hush.MUTED) | (frames.flags[selection.rows] & (FIN | SYN | RST) != 0)
        rows = selection.rows[worth]
        self._frames = frames
        self.buffer = frames.packets.buffer.data
        self.row: list[int] = rows.tolist()
        self.reason: list[int] = selection.reason[worth].tolist()
        self.hash: list[int] = hashes[worth].tolist()  #: of the flow; 0 for frames that belong to none
        self.hush: list[int] = hush[worth].tolist()
        self.time: list[int] = times[rows].tolist()  #: us
        self.sequence: list[int] = frames.sequence[rows].tolist()
        self.flags: list[int] = frames.flags[rows].tolist()
        self.payload: list[int] = frames.payload[rows].tolist()
        self.present: list[int] = frames.present[rows].tolist()
        self.at: list[int] = frames.payload_at[rows].tolist()

    def data(self, index: int) -> memoryview:
        """Return the captured payload of a frame."""
        at = self.at[index]
        return self.buffer[at : at + self.present[index]]

    def frame(self, index: int) -> bytes:
        """Return a whole frame as captured."""
        packets, row = self._frames.packets, self.row[index]
        at = int(packets.at[row])
        return bytes(self.buffer[at : at + int(packets.captured[row])])

    def link(self) -> int:
        """Return the link type of the frames."""
        return self._frames.packets.link

    def sender(self, index: int) -> Party:
        """Return the device that sent a frame."""
        frames, row = self._frames, self.row[index]
        return self._party(frames.source[row], frames.source_high[row], frames.source_low[row])

    def receiver(self, index: int) -> Party:
        """Return the device that a frame goes to."""
        frames, row = self._frames, self.row[index]
        return self._party(frames.target[row], frames.target_high[row], frames.target_low[row])

    def _party(self, mac: np.uint64, high: np.uint64, low: np.uint64) -> Party:
        device = mac_text(int(mac)) if mac else ip_text(int(high), int(low))
        if self._frames.packets.link in COOKED:
            return Party(device if mac else "", ip_text(int(high), int(low)))
        return Party(device, device)

    def connection(self, index: int) -> tuple[Party, Party, int, int]:
        """Return who speaks to whom and from which port to which, within the house too."""
        port = int(self._frames.source_port[self.row[index]])
        return self.sender(index), self.receiver(index), port, self.target_port(index)

    def target_port(self, index: int) -> int:
        """Return the port a frame goes to."""
        return int(self._frames.target_port[self.row[index]])

    def is_tcp(self, index: int) -> bool:
        """Say whether a frame is TCP; otherwise it is UDP."""
        return int(self._frames.protocol[self.row[index]]) == TCP

    def flow(self, index: int) -> Begun:
        """Return what is known of the flow of an upstream frame."""
        frames, row = self._frames, self.row[index]
        high, low = int(frames.target_high[row]), int(frames.target_low[row])
        sender = self.sender(index)
        protocol = "tcp" if self.is_tcp(index) else "udp"
        port = int(frames.source_port[row])
        key = FlowKey(sender.device or sender.name, protocol, port, ip_text(high, low), self.target_port(index))
        return Begun(self.hash[index], key, high << 64 | low, sender.name)


def _hashes(frames: Frames, selection: Selection) -> U64:
    """Return the flow key of each selected frame that belongs to a flow."""
    hashes = np.zeros(len(selection.rows), np.uint64)
    up = np.flatnonzero(selection.reason <= Reason.UDP_UP)
    down = np.flatnonzero(selection.reason == Reason.TCP_RESET)
    hashes[up] = flow_hash(frames, selection.rows[up], up=True)
    hashes[down] = flow_hash(frames, selection.rows[down], up=False)
    return hashes


def _hush(frames: Frames, times: I64, selection: Selection, hashes: U64, bulk: Bulk) -> U8:
    """Return what muting makes of each selected frame: only upstream data is ever muted."""
    hush = np.zeros(len(hashes), np.uint8)
    data = np.flatnonzero((selection.reason <= Reason.UDP_UP) & (frames.payload[selection.rows] > 0))
    rows = selection.rows[data]
    hush[data] = bulk.feed(hashes[data], times[rows], frames.payload[rows])
    return hush
