# SPDX-License-Identifier: GPL-2.0-or-later
"""Headers by the thousand: Ethernet, IPv4 (RFC 791) or IPv6 (RFC 8200), TCP (RFC 9293) or UDP (RFC 768).

Transport checksums stay 0, as in captures made before the network card fills them in.
"""

import struct
from dataclasses import dataclass

import numpy as np

from appliance.simulate.rows import I64, U8, WIDEST_HEAD

TCP = 6
UDP = 17
ETHERNET = 14  #: bytes of its header
MTU = 1500  #: bytes of an IP packet that Ethernet carries (RFC 894, RFC 2464)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a conversation. ``address`` is 4 or 16 bytes; ``mac`` is the router's for what lies beyond it."""

    mac: bytes
    address: bytes
    port: int


class Lane:
    """One direction of one conversation: the header its frames share, and the IPv4 identification it counts."""

    def __init__(self, source: End, target: End, protocol: int) -> None:
        ethernet = target.mac + source.mac + (b"\x08\x00" if len(source.address) == 4 else b"\x86\xdd")
        head = ethernet + _ip(source.address, target.address, protocol)
        self._transport = len(head)
        self._v4 = len(source.address) == 4
        head += struct.pack("!HH", source.port, target.port)
        head += bytes([0] * 8 + [0x50, 0, 0xFA, 0xF0, 0, 0, 0, 0]) if protocol == TCP else bytes(4)
        self.size = len(head)
        self.room = ETHERNET + MTU - self.size  # bytes of payload that one frame carries; of TCP, its MSS (RFC 9293)
        self._template = np.frombuffer(head.ljust(WIDEST_HEAD, b"\0"), np.uint8)
        self._sum = sum(struct.unpack("!10H", head[14:34])) if self._v4 else 0
        self._identification = 0

    def datagrams(self, payload: I64) -> U8:
        """Return the (n, 74) headers of UDP datagrams with these payload lengths."""
        head = self._network_heads(payload)
        _put(head, self._transport + 4, payload + 8, 2)
        return head

    def segments(self, payload: I64, sequence: I64, acknowledged: I64, flags: I64) -> U8:
        """Return the (n, 74) headers of TCP segments."""
        head = self._network_heads(payload)
        _put(head, self._transport + 4, sequence & 0xFFFFFFFF, 4)
        _put(head, self._transport + 8, np.where(flags & 16, acknowledged & 0xFFFFFFFF, 0), 4)
        head[:, self._transport + 13] = flags
        return head

    def _network_heads(self, payload: I64) -> U8:
        head = np.tile(self._template, (len(payload), 1))
        length = payload + self.size - 14
        if not self._v4:
            _put(head, 18, length - 40, 2)
            return head
        identification = (self._identification + np.arange(len(payload))) & 0xFFFF
        self._identification += len(payload)
        _put(head, 16, length, 2)
        _put(head, 18, identification, 2)
        _put(head, 24, _checksum(self._sum + length + identification), 2)
        return head


def _ip(source: bytes, target: bytes, protocol: int) -> bytes:
    if len(source) == 4:
        return struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0x4000, 64, protocol, 0) + source + target
    return struct.pack("!IHBB", 0x60000000, 0, protocol, 64) + source + target


def _checksum(total: I64) -> I64:
    folded = (total & 0xFFFF) + (total >> 16)
    return ~((folded & 0xFFFF) + (folded >> 16)) & 0xFFFF


def _put(head: U8, at: int, value: I64, size: int) -> None:
    """Write numbers into ``size`` bytes (2 or 4) of each row, the most significant first."""
    head[:, at : at + size] = value.astype(f">u{size}").view(np.uint8).reshape(-1, size)
