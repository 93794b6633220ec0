# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames by hand: what a test wants to have been on the wire, as the columns that capture gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import numpy as np

from appliance.capture.frames import Frames, Packets

SPEAKER, ROUTER = "02:00:00:00:00:01", "02:00:00:00:00:fe"
HOME, CLOUD = "192.168.1.20", "203.0.113.7"
TCP, UDP = 6, 17
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
HEADERS = 54  # bytes in front of each payload, of no interest here


@dataclass(frozen=True)
class Packet:
    """One packet; upstream to a cloud by default."""

    time: float = 0.0
    payload: bytes = b""
    sequence: int = 0
    flags: int = ACK
    protocol: int = TCP
    source_port: int = 50_000
    target_port: int = 443
    source: str = HOME
    target: str = CLOUD
    source_mac: str = SPEAKER
    target_mac: str = ROUTER
    acknowledged: int = 0
    cut: int = 1 << 20  #: payload bytes that the snap length leaves


def down(packet: Packet) -> Packet:
    """Return the packet turned round."""
    return Packet(
        packet.time,
        packet.payload,
        packet.sequence,
        packet.flags,
        packet.protocol,
        packet.target_port,
        packet.source_port,
        packet.target,
        packet.source,
        packet.target_mac,
        packet.source_mac,
        packet.cut,
    )


def frames_of(packets: Sequence[Packet], link: int = 1) -> Frames:
    """Return packets as one chunk."""
    bodies = [packet.payload[: packet.cut] for packet in packets]
    captured = np.array([HEADERS + len(body) for body in bodies], np.int64)
    at = np.cumsum(captured) - captured
    source = [_mapped(packet.source) for packet in packets]
    target = [_mapped(packet.target) for packet in packets]
    wire = np.array([HEADERS + len(packet.payload) for packet in packets], np.int64)
    raw = np.frombuffer(b"".join(bytes(HEADERS) + body for body in bodies), np.uint8)
    return Frames(
        packets=Packets(
            raw, at, captured, wire, np.array([round(p.time * 1e6) * 1000 for p in packets], np.int64), link
        ),
        source=np.array([_mac(packet.source_mac) for packet in packets], np.uint64),
        target=np.array([_mac(packet.target_mac) for packet in packets], np.uint64),
        version=np.array([ip_address(packet.source).version for packet in packets], np.uint8),
        protocol=np.array([packet.protocol for packet in packets], np.uint8),
        source_high=np.array([high for high, _ in source], np.uint64),
        source_low=np.array([low for _, low in source], np.uint64),
        target_high=np.array([high for high, _ in target], np.uint64),
        target_low=np.array([low for _, low in target], np.uint64),
        source_port=np.array([packet.source_port for packet in packets], np.uint16),
        target_port=np.array([packet.target_port for packet in packets], np.uint16),
        sequence=np.array([packet.sequence % (1 << 32) for packet in packets], np.uint32),
        acknowledged=np.array([packet.acknowledged % (1 << 32) for packet in packets], np.uint32),
        flags=np.array([packet.flags for packet in packets], np.uint8),
        payload_at=at + HEADERS,
        payload=np.array([len(packet.payload) for packet in packets], np.int64),
        present=np.array([len(body) for body in bodies], np.int64),
    )


def _mac(text: str) -> int:
    return int(text.replace(":", ""), 16) if text else 0


def _mapped(text: str) -> tuple[int, int]:
    """Return the upper and lower half of an address, IPv4 mapped."""
    address = ip_address(text)
    number = int(address) + (0xFFFF << 32 if address.version == 4 else 0)
    return number >> 64, number & ((1 << 64) - 1)
