# SPDX-License-Identifier: GPL-2.0-or-later
"""What each device of the house sent and got in all, so that those that show nothing else are listed too."""

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from appliance import limits
from appliance.capture.frames import I64, Frames
from appliance.flows.addresses import ip_text, mac_text
from appliance.flows.grouping import group
from appliance.flows.sides import Sides, mix


@dataclass(slots=True)
class Tally:
    """Sums of one device; bytes are those on the wire, times seconds since the epoch."""

    first: float
    last: float
    packets: int = 0
    bytes_up: int = 0  #: all that it sent, in the house too
    bytes_down: int = 0  #: what came to it from outside
    addresses: OrderedDict[str, None] = field(default_factory=OrderedDict)  #: its own, oldest first


class Devices:
    """Sums per device of the house, counted for whole chunks."""

    def __init__(self) -> None:
        self.known: OrderedDict[str, Tally] = OrderedDict()  #: by MAC address or, without one, by IP address
        self.evicted = 0
        self._owners: OrderedDict[str, str] = OrderedDict()  # who has an address, where frames do not tell the target

    def feed(self, frames: Frames, times: I64, sides: Sides) -> None:
        """Count a chunk: the source of a frame is the device, but for what comes from outside the target is."""
        down, wire = sides.down, frames.packets.wire
        mac = np.where(down, frames.target, frames.source)
        high = np.where(down, frames.target_high, frames.source_high)
        low = np.where(down, frames.target_low, frames.source_low)
        nobody = np.flatnonzero(~(sides.home | down))
        mac[nobody] = high[nobody] = low[nobody] = 0
        last, group_of = group(mix(mac, high, low))
        first = np.empty(len(last), np.intp)
        first[group_of[::-1]] = np.arange(len(wire))[::-1]
        packets = np.bincount(group_of)
        total = np.bincount(group_of, wire)
        got = np.bincount(group_of, np.where(down, wire, 0))
        columns = (
            first,
            mac[first],
            high[first],
            low[first],
            times[first] / 1e6,
            times[last] / 1e6,
            packets,
            total,
            got,
        )
        lists = zip(*(column.tolist() for column in columns), strict=True)
        for _, mac_, high_, low_, begun, ended, count, all_bytes, down_bytes in sorted(lists):
            if not mac_ and not low_:
                continue
            tally = self._tally(mac_, ip_text(high_, low_), begun)
            tally.last = max(tally.last, ended)
            tally.packets += count
            tally.bytes_up += int(all_bytes - down_bytes)
            tally.bytes_down += int(down_bytes)

    def _tally(self, mac: int, address: str, time: float) -> Tally:
        """Return the sums of a device, made room for if it is new."""
        device = mac_text(mac) if mac else self._owners.get(address, address)
        tally = self.known.get(device)
        if tally is None:
            tally = self.known[device] = Tally(time, time)
        self.known.move_to_end(device)
        tally.addresses[address] = None
        self._owners[address] = device
        while len(self._owners) > limits.DEVICES * limits.ADDRESSES_PER_DEVICE:
            self._owners.popitem(last=False)
        while len(tally.addresses) > limits.ADDRESSES_PER_DEVICE:
            tally.addresses.popitem(last=False)
        while len(self.known) > limits.DEVICES:
            self.known.popitem(last=False)
            self.evicted += 1
        return tally
