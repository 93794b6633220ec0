# SPDX-License-Identifier: GPL-2.0-or-later
"""A slow parser of one frame, written from the RFCs without numpy, that the fast one is compared with."""

from dataclasses import dataclass
from struct import unpack_from

_VLAN = (0x8100, 0x88A8, 0x9100)
_EXTENSIONS = (0, 43, 44, 51, 60, 135, 139, 140)


@dataclass
class Row:
    """One frame's columns, named as in Frames; the payload's place is counted from the frame's begin."""

    source: int = 0
    target: int = 0
    version: int = 0
    protocol: int = 0
    source_high: int = 0
    source_low: int = 0
    target_high: int = 0
    target_low: int = 0
    source_port: int = 0
    target_port: int = 0
    sequence: int = 0
    flags: int = 0
    payload_at: int = 0
    payload: int = 0
    present: int = 0


def parse_frame(frame: bytes, wire: int, link: int) -> Row:
    """Return what the frame says; ``wire`` is how long it was before it was cut."""
    row = Row()
    ethertype, at = _link(frame, link, row)
    if ethertype == 0x0800 and len(frame) >= at + 20:
        _ipv4(frame, at, wire, row)
    elif ethertype == 0x86DD and len(frame) >= at + 40:
        _ipv6(frame, at, wire, row)
    return row


def _link(frame: bytes, link: int, row: Row) -> tuple[int, int]:
    head = {1: 14, 113: 16, 276: 20, 0: 4, 108: 4, 101: 0, 12: 0, 14: 0, 228: 0, 229: 0}.get(link)
    if head is None or len(frame) < head or len(frame) == head == 0:
        return 0, 0
    if link == 1:
        row.target, row.source = int.from_bytes(frame[:6], "big"), int.from_bytes(frame[6:12], "big")
        ethertype = unpack_from(">H", frame, 12)[0]
    elif link == 113:
        row.source = int.from_bytes(frame[6:12], "big") if unpack_from(">H", frame, 4)[0] == 6 else 0
        ethertype = unpack_from(">H", frame, 14)[0]
    elif link == 276:
        row.source = int.from_bytes(frame[12:18], "big") if frame[11] == 6 else 0
        ethertype = unpack_from(">H", frame, 0)[0]
    else:
        version = frame[head] >> 4 if len(frame) > head else 0
        return {4: 0x0800, 6: 0x86DD}.get(version, 0), head
    for _ in range(4):
        if ethertype in _VLAN and len(frame) >= head + 4:
            ethertype, head = unpack_from(">H", frame, head + 2)[0], head + 4
    return ethertype, head


def _ipv4(frame: bytes, at: int, wire: int, row: Row) -> None:
    total, word = unpack_from(">H", frame, at + 2)[0], unpack_from(">H", frame, at + 6)[0]
    size, end = (frame[at] & 15) * 4, at + total if total else wire
    if frame[at] >> 4 != 4 or size < 20 or end < at + size:
        return
    row.version, row.protocol = 4, frame[at + 9]
    row.source_low = 0xFFFF_0000_0000 | unpack_from(">I", frame, at + 12)[0]
    row.target_low = 0xFFFF_0000_0000 | unpack_from(">I", frame, at + 16)[0]
    _transport(frame, at + size, end, row, first=(word & 0x1FFF) == 0, whole=(word & 0x3FFF) == 0)


def _ipv6(frame: bytes, at: int, wire: int, row: Row) -> None:
    if frame[at] >> 4 != 6:
        return
    row.version, row.protocol = 6, frame[at + 6]
    row.source_high, row.source_low, row.target_high, row.target_low = unpack_from(">QQQQ", frame, at + 8)
    length = unpack_from(">H", frame, at + 4)[0]
    at += 40
    end, first, whole = at + length if length else wire, True, True
    for _ in range(8):
        if row.protocol not in _EXTENSIONS or not first:
            break
        if len(frame) < at + 8:
            row.protocol = 0
            return
        kind, row.protocol, units = row.protocol, frame[at], frame[at + 1]
        if kind == 44:
            word = unpack_from(">H", frame, at + 2)[0]
            first, whole = word >> 3 == 0, word >> 3 == 0 and not word & 1
        at += {44: 8, 51: units * 4 + 8}.get(kind, units * 8 + 8)
    if row.protocol in _EXTENSIONS and first:
        row.protocol = 0
        return
    _transport(frame, at, end, row, first=first, whole=whole)


def _transport(frame: bytes, at: int, end: int, row: Row, *, first: bool, whole: bool) -> None:
    if not first:
        row.protocol = 44
    elif row.protocol == 6:
        _tcp(frame, at, end, row)
    elif row.protocol == 17:
        _udp(frame, at, end, row, whole=whole)


def _tcp(frame: bytes, at: int, end: int, row: Row) -> None:
    if len(frame) < at + 20 or frame[at + 12] >> 4 < 5 or at + (frame[at + 12] >> 4) * 4 > end:
        row.protocol = 0
        return
    row.source_port, row.target_port, row.sequence = unpack_from(">HHI", frame, at)
    row.flags, row.payload_at = frame[at + 13], at + (frame[at + 12] >> 4) * 4
    row.payload = end - row.payload_at
    row.present = max(min(row.payload, len(frame) - row.payload_at), 0)


def _udp(frame: bytes, at: int, end: int, row: Row, *, whole: bool) -> None:
    length = unpack_from(">H", frame, at + 4)[0] if len(frame) >= at + 8 else 1
    here = end - at
    length = (min(length, here) if whole else length) if length else here
    if length < 8 or here < 8:
        row.protocol = 0
        return
    row.source_port, row.target_port = unpack_from(">HH", frame, at)
    row.payload_at, row.payload = at + 8, length - 8
    row.present = max(min(length, here, len(frame) - at) - 8, 0)
