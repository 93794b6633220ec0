# SPDX-License-Identifier: GPL-2.0-or-later
"""What came in on the ports while the doctor watched: who talks to whom, and by which port."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from appliance.capture import Packets, parse
from appliance.limits import DOCTOR_PAIRS

_ETHERNET_BYTES = 22  # header, and two VLAN tags; more than that above the MTU is a frame that was merged
_GROUP = 1 << 40  # of a MAC address: it is for many

Pair = tuple[int, int]


@dataclass(slots=True)
class Heard:
    """What came in on one port; none of it was sent by this machine."""

    frames: int = 0
    merged: int = 0  #: frames longer than the port's MTU, which offload made of several
    lost: int = 0  #: frames for which there was no time
    pairs: set[Pair] = field(default_factory=set)  #: sender and receiver of frames between two other devices
    senders: set[int] = field(default_factory=set)  #: other devices of which anything came, also to all or to us
    tags: set[int] = field(default_factory=set)  #: VLANs


class Tally:
    """Takes packets of each port, and keeps what the doctor wants to know of them."""

    def __init__(self, mtu: Mapping[str, int], own: frozenset[int]) -> None:
        """Take the ports with their MTU, and the MAC addresses of this machine."""
        self._mtu = mtu
        self._own = own
        self.heard = {port: Heard() for port in mtu}

    def feed(self, port: str, packets: Packets) -> None:
        """Count packets that came in on a port."""
        heard, frames = self.heard[port], parse(packets)
        heard.frames += len(frames)
        heard.merged += int((packets.wire > self._mtu[port] + _ETHERNET_BYTES).sum())
        for sender, receiver in np.unique(np.stack((frames.source, frames.target), axis=1), axis=0).tolist():
            if sender in self._own or sender & _GROUP or len(heard.senders) >= DOCTOR_PAIRS:
                continue
            heard.senders.add(sender)
            if not (receiver & _GROUP or receiver in self._own or len(heard.pairs) >= DOCTOR_PAIRS):
                heard.pairs.add((sender, receiver))

    def answered(self) -> set[Pair]:
        """Return the pairs of other devices of which both directions were seen, the lower address first."""
        pairs = set().union(*(heard.pairs for heard in self.heard.values()))
        return {pair for pair in pairs if pair[0] < pair[1] and pair[::-1] in pairs}

    def looped(self) -> set[int]:
        """Return the devices of which frames came in on more than one port."""
        ports = list(self.heard.values())
        return {
            sender
            for at, heard in enumerate(ports)
            for other in ports[at + 1 :]
            for sender in heard.senders & other.senders
        }
