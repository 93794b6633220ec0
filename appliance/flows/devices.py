# SPDX-License-Identifier: GPL-2.0-or-later
"""What each device of the house sent and got in all, so that those that show nothing else are listed too."""

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from appliance import limits
from appliance.capture.frames import I64, Frames
from appliance.flows.addresses import ip_text, mac_text
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
        rows = np.flatnonzero(sides.home | sides.down)
        down = sides.down[rows]
        mac = np.where(down, frames.target[rows], frames.source[rows])
        high = np.where(down, frames.target_high[rows], frames.source_high[rows])
        low = np.where(down, frames.target_low[rows], frames.source_low[rows])
        unique, group = np.unique(mix(mac, high, low), return_inverse=True)
        size = len(unique)
        wire = frames.packets.wire[rows]
        first, last = np.empty(size, np.intp), np.empty(size, np.intp)
        last[group] = np.arange(len(rows))
        first[group[::-1]] = np.arange(len(rows))[::-1]
        packets = np.bincount(group, minlength=size)
        got = np.bincount(group, wire * down, size)
        sent = np.bincount(group, wire, size) - got
        for at in np.argsort(first).tolist():
            row = first[at]
            tally = self._tally(int(mac[row]), ip_text(int(high[row]), int(low[row])), times[rows[row]] / 1e6)
            tally.last = max(tally.last, float(times[rows[last[at]]] / 1e6))
            tally.packets += int(packets[at])
            tally.bytes_up += int(sent[at])
            tally.bytes_down += int(got[at])

    def _tally(self, mac: int, address: str, time: float) -> Tally:
        """Return the sums of a device, made room for if it is new."""
        device = mac_text(mac) if mac else self._owners.get(address, address)
        tally = self.known.get(device)
        if tally is None:
            tally = self.known[device] = Tally(float(time), float(time))
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
