# SPDX-License-Identifier: GPL-2.0-or-later
"""Which frames of a chunk are worth looking at one by one: the others never cost Python time."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from appliance.capture.frames import Frames
from appliance.flows.sides import Mask, Rows, Sides

FIN, SYN, RST = 1, 2, 4
TCP, UDP = 6, 17
_HTTP_PORT, _QUIC_PORT = 80, 443
_QUIC_ACK = 100  # bytes; music over QUIC sends nothing but datagrams smaller than this


class Reason(IntEnum):
    """Why a frame is looked at."""

    TCP_UP = 0  #: upstream bytes, or an upstream SYN, FIN or RST
    HTTP = 1  #: the same to port 80, so perhaps a request in plain text
    UDP_UP = 2
    TCP_RESET = 3  #: the remote side resets
    DNS = 4
    SHOW = 5  #: a device shows what it is: DHCP, mDNS, SSDP


_NONE = 255
_DNS_PORT, _SHOW_PORT, _NEVER_VOICE = 1, 2, 4


def _ports() -> NDArray[np.uint8]:
    table = np.zeros(1 << 16, np.uint8)
    table[53] = _DNS_PORT
    table[[67, 68, 546, 547, 1900, 5353]] = _SHOW_PORT  # DHCP, DHCPv6, SSDP, mDNS
    table[[123, 137, 138]] = _NEVER_VOICE  # NTP, NetBIOS
    return table


_PORTS = _ports()


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows worth a look, in order, each with its Reason."""

    rows: Rows
    reason: NDArray[np.uint8]


def select(frames: Frames, sides: Sides) -> Selection:
    """Choose the frames worth a look."""
    tcp, udp = frames.protocol == TCP, frames.protocol == UDP
    ports = _PORTS[frames.source_port] | _PORTS[frames.target_port]
    full = frames.payload > 0
    special = ports != 0
    reason = np.full(len(frames), _NONE, np.uint8)
    reason[sides.up & tcp & (full | (frames.flags & (FIN | SYN | RST) != 0))] = Reason.TCP_UP
    reason[(reason == Reason.TCP_UP) & (frames.target_port == _HTTP_PORT)] = Reason.HTTP
    reason[sides.down & tcp & (frames.flags & RST != 0)] = Reason.TCP_RESET
    reason[sides.up & udp & full & ~((frames.target_port == _QUIC_PORT) & (frames.payload < _QUIC_ACK))] = Reason.UDP_UP
    if special.any():
        reason[special & (udp | (ports & _DNS_PORT != 0))] = _NONE
        reason[(ports & _DNS_PORT != 0) & full & (tcp | udp)] = Reason.DNS
        reason[_shows(frames, sides) & (ports & _SHOW_PORT != 0) & full & udp] = Reason.SHOW
    rows = np.flatnonzero(reason != _NONE)
    return Selection(rows, reason[rows])


def _shows(frames: Frames, sides: Sides) -> Mask:
    """Say which frames were sent by a device that would show itself in them; a DHCP server does not."""
    shows: Mask = sides.home & (frames.source_port != 67) & (frames.source_port != 547)
    return shows
