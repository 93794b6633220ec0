# SPDX-License-Identifier: GPL-2.0-or-later
"""The columns in which a chunk of packets travels: one numpy array per header field, one row per frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Packets:
    """Where the packets of one chunk lie, not yet parsed; all of one link type, in the order of the capture."""

    buffer: U8  #: the chunk's bytes
    at: I64  #: where in ``buffer`` each packet's bytes begin
    captured: I64  #: bytes of it that are there
    wire: I64  #: bytes it had on the wire
    time: I64  #: nanoseconds since the epoch
    link: int  #: pcap LINKTYPE number: 1 Ethernet, 101 raw IP, 113 Linux SLL, 276 Linux SLL2, ...


@dataclass(frozen=True, slots=True)
class Frames:
    """A chunk of frames as columns of equal length, in the order of the capture.

    Lengths come from the packets' own headers, so frames cut by the snap length count in full. What a frame does not
    have is 0. IPv4 addresses are mapped (high 0, low 0xffff_aabb_ccdd) as in RFC 4291 section 2.5.5.2.
    """

    packets: Packets
    source: U64  #: MAC address as a number; 0 where the link layer has none
    target: U64
    version: U8  #: 4 or 6; 0 for anything but IP
    protocol: U8  #: IP protocol number after extension headers: 6 TCP, 17 UDP; 44 a later fragment
    source_high: U64  #: upper half of the IP address
    source_low: U64
    target_high: U64
    target_low: U64
    source_port: U16
    target_port: U16
    sequence: U32  #: TCP sequence number of the first payload byte's segment
    acknowledged: U32  #: TCP acknowledgement number, if its flag is set: the next byte that is waited for
    flags: U8  #: TCP flags: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK
    payload_at: I64  #: where in ``packets.buffer`` the transport payload begins
    payload: I64  #: bytes of transport payload, by the headers
    present: I64  #: bytes of transport payload that were captured

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.source)
