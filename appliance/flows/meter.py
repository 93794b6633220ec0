# SPDX-License-Identifier: GPL-2.0-or-later
"""How much each flow carried: bytes on the wire both ways, counted for whole chunks."""

import numpy as np

from appliance import limits
from appliance.capture.frames import Frames
from appliance.events import FlowKey
from appliance.flows.addresses import ip_text, mac_text
from appliance.flows.grouping import group
from appliance.flows.selection import TCP, UDP
from appliance.flows.sides import Rows, Sides, flow_hash

_PROTOCOLS = {TCP: "tcp", UDP: "udp"}


class Count:
    """What one flow carried since the last look, in bytes on the wire and packets both ways."""

    __slots__ = ("down", "flow", "packets", "up")

    def __init__(self, flow: FlowKey) -> None:
        self.flow = flow
        self.up = self.down = self.packets = 0


class Meter:
    """Counts the flows that leave the house, between two looks at them."""

    def __init__(self) -> None:
        self.evicted = 0  #: flows whose bytes were not counted because there were too many
        self._counts: dict[int, Count] = {}

    def feed(self, frames: Frames, sides: Sides) -> None:
        """Count a chunk."""
        self._count(frames, np.flatnonzero(sides.up), up=True)
        self._count(frames, np.flatnonzero(sides.down), up=False)

    def take(self) -> list[Count]:
        """Return what was counted, and begin anew."""
        counts = list(self._counts.values())
        self._counts = {}
        return counts

    def _count(self, frames: Frames, rows: Rows, *, up: bool) -> None:
        if not len(rows):
            return
        hashes = flow_hash(frames, rows, up=up)
        last, group_of = group(hashes)
        sizes = np.bincount(group_of, frames.packets.wire[rows])
        packets = np.bincount(group_of)
        for hash_, row, size, number in zip(
            hashes[last].tolist(), rows[last].tolist(), sizes.tolist(), packets.tolist(), strict=True
        ):
            count = self._counts.get(hash_)
            if count is None:
                if len(self._counts) >= limits.METERED_FLOWS:
                    self.evicted += 1
                    continue
                count = self._counts[hash_] = Count(_flow(frames, row, up=up))
            count.packets += number
            if up:
                count.up += int(size)
            else:
                count.down += int(size)


def _flow(frames: Frames, row: int, *, up: bool) -> FlowKey:
    source = (int(frames.source_high[row]), int(frames.source_low[row]), int(frames.source_port[row]))
    target = (int(frames.target_high[row]), int(frames.target_low[row]), int(frames.target_port[row]))
    near, far = (source, target) if up else (target, source)
    mac = int(frames.source[row] if up else frames.target[row])
    device = mac_text(mac) if mac else ip_text(near[0], near[1])
    protocol = _PROTOCOLS.get(int(frames.protocol[row]), str(int(frames.protocol[row])))
    return FlowKey(device, protocol, near[2], ip_text(far[0], far[1]), far[2])
