# SPDX-License-Identifier: GPL-2.0-or-later
"""Capture files and chunks of packets, made by hand for tests."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from struct import pack

import numpy as np

from appliance.capture import Capture, Packets, open_capture

Record = tuple[int, bytes]  #: nanoseconds since the epoch, and the frame


def pcap(
    records: Iterable[Record], order: str = "<", *, unit: int = 1000, link: int = 1, snap: int = 262_144, wire: int = 0
) -> bytes:
    """Return a classic pcap file; ``unit`` is 1000 for a micro-, 1 for a nanosecond file; ``wire`` adds bytes."""
    magic = 0xA1B2C3D4 if unit == 1000 else 0xA1B23C4D
    parts = [pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for time, frame in records:
        second, rest = divmod(time, 1_000_000_000)
        parts.append(pack(order + "IIII", second, rest // unit, len(frame[:snap]), len(frame) + wire) + frame[:snap])
    return b"".join(parts)


@dataclass(frozen=True)
class Ng:
    """Makes the blocks of a pcapng file in one byte order."""

    order: str = "<"

    def block(self, kind: int, body: bytes) -> bytes:
        """Return a block of any type."""
        body += bytes(-len(body) % 4)
        total = pack(self.order + "I", len(body) + 12)
        return pack(self.order + "I", kind) + total + body + total

    def option(self, code: int, value: bytes) -> bytes:
        """Return an option, padded."""
        return pack(self.order + "HH", code, len(value)) + value + bytes(-len(value) % 4)

    def section(self, options: bytes = b"") -> bytes:
        """Return a section header block."""
        return self.block(0x0A0D0D0A, pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + options)

    def interface(self, link: int = 1, snap: int = 0, options: bytes = b"") -> bytes:
        """Return an interface description block."""
        return self.block(1, pack(self.order + "HHI", link, 0, snap) + options)

    def packet(self, units: int, frame: bytes, interface: int = 0, options: bytes = b"", wire: int = 0) -> bytes:
        """Return an enhanced packet block."""
        head = pack(self.order + "IIIII", interface, units >> 32, units & 0xFFFFFFFF, len(frame), len(frame) + wire)
        return self.block(6, head + frame + bytes(-len(frame) % 4) + options)

    def old_packet(self, units: int, frame: bytes, interface: int = 0) -> bytes:
        """Return an obsolete packet block."""
        head = pack(self.order + "HHIIII", interface, 7, units >> 32, units & 0xFFFFFFFF, len(frame), len(frame))
        return self.block(2, head + frame)

    def simple_packet(self, frame: bytes, wire: int) -> bytes:
        """Return a simple packet block."""
        return self.block(3, pack(self.order + "I", wire) + frame)


@dataclass
class Read:
    """All that came of a capture file."""

    capture: Capture
    records: list[Record]
    links: list[int]
    wire: list[int]


def read(content: bytes) -> Read:
    """Read a capture file from memory to its end."""
    capture = open_capture(io.BytesIO(content))
    result = Read(capture, [], [], [])
    for packets in capture:
        result.records += records(packets)
        result.links += [packets.link] * len(packets.at)
        result.wire += packets.wire.tolist()
    return result


def records(packets: Packets) -> list[Record]:
    """Return time and bytes of each packet."""
    columns = zip(packets.time.tolist(), packets.at.tolist(), packets.captured.tolist(), strict=True)
    return [(time, packets.buffer[at : at + captured].tobytes()) for time, at, captured in columns]


def chunk(frames: Sequence[bytes], link: int = 1, wire: Sequence[int] | None = None) -> Packets:
    """Return packets that lie in memory back to back, a nanosecond apart."""
    captured = np.array([len(frame) for frame in frames], np.int64)
    return Packets(
        buffer=np.frombuffer(b"".join(frames), np.uint8),
        at=np.cumsum(captured) - captured,
        captured=captured,
        wire=captured if wire is None else np.array(wire, np.int64),
        time=np.arange(len(frames), dtype=np.int64),
        link=link,
    )
