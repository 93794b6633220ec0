# SPDX-License-Identifier: GPL-2.0-or-later
"""What devices put on the wire, built byte by byte for the tests of flows."""

import struct

from appliance.events import FlowFact, Piece, PieceKind
from appliance.flows import Flows
from tests.flows.frames_of import Packet, frames_of


def record(length: int, kind: int = 23, filler: int = 0) -> bytes:
    """Return a TLS record whose body never looks like a header."""
    return struct.pack(">BHH", kind, 0x0303, length) + bytes([filler]) * length


def extension(kind: int, body: bytes) -> bytes:
    """Return a TLS extension."""
    return struct.pack(">HH", kind, len(body)) + body


def server_name(host: str) -> bytes:
    """Return a server_name extension."""
    name = host.encode("latin-1")
    return extension(0, struct.pack(">HBH", len(name) + 3, 0, len(name)) + name)


def supported_versions(offered: list[int]) -> bytes:
    """Return a supported_versions extension."""
    return extension(43, bytes([2 * len(offered)]) + b"".join(struct.pack(">H", version) for version in offered))


def client_hello(host: str | None, *, version: int = 0x0303, padding: int = 0, more: bytes = b"") -> bytes:
    """Return a ClientHello message with GREASE and unknown extensions around the name."""
    extensions = extension(0x0A0A, b"") + extension(0x4469, b"\x01\x02")
    extensions += server_name(host) if host is not None else b""
    extensions += extension(0xFE0D, bytes(padding)) + more
    body = struct.pack(">H", version) + bytes(32) + bytes([32]) + bytes(32) + struct.pack(">HHH", 4, 0x1301, 0x1302)
    body += b"\x01\x00" + struct.pack(">H", len(extensions)) + extensions
    return b"\x01" + len(body).to_bytes(3, "big") + body


def hello_records(message: bytes, pieces: int = 1) -> bytes:
    """Return a handshake message in so many TLS records."""
    size = -(-len(message) // pieces)
    parts = [message[at : at + size] for at in range(0, len(message), size)]
    return b"".join(struct.pack(">BHH", 22, 0x0301, len(part)) + part for part in parts)


def segments(
    stream: bytes, sizes: list[int], *, start: int = 1000, time: float = 100.0, gap: float = 0.02
) -> list[Packet]:
    """Return a stream in segments of these sizes, the last of which repeats."""
    packets: list[Packet] = []
    at = 0
    while at < len(stream):
        size = sizes[min(len(packets), len(sizes) - 1)]
        packets.append(Packet(time + gap * len(packets), stream[at : at + size], start + at))
        at += size
    return packets


def facts_of(packets: list[Packet], chunk: int = 1 << 20) -> list[FlowFact]:
    """Return all facts of packets fed in chunks of this size."""
    flows = Flows()
    facts = [fact for at in range(0, len(packets), chunk) for fact in flows.feed(frames_of(packets[at : at + chunk]))]
    return facts + flows.finish()


def records_of(facts: list[FlowFact]) -> list[int]:
    """Return the lengths of the records among facts."""
    return [fact.length for fact in facts if isinstance(fact, Piece) and fact.kind is PieceKind.RECORD]


def of(kind: type, facts: list[FlowFact]) -> list[FlowFact]:
    return [fact for fact in facts if isinstance(fact, kind)]
