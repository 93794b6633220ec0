# SPDX-License-Identifier: GPL-2.0-or-later
"""pcapng blocks to be written (draft-ietf-opsawg-pcapng): one section, one interface, packets by the thousand."""

from struct import pack

import numpy as np

from appliance.capture.frames import I64, U8

NANOSECONDS = 9  #: if_tsresol, as the power of ten

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_COMMENT, _RESOLUTION = 1, 9
_BLOCK = 32  # bytes of an enhanced packet block besides the packet and its options: 28 before it, 4 after
_MICROSECONDS = 6  # what holds where an interface does not say


def section(*comments: str) -> bytes:
    """Return the block that begins a file, with its comments, each of up to 65,535 bytes."""
    return _block(_SECTION, pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + options(*comments))


def interface(snap: int = 0, link: int = 1, resolution: int = _MICROSECONDS) -> bytes:
    """Return the block of an interface: bytes kept of each packet (0: all), link type, and its unit of time."""
    says = b"" if resolution == _MICROSECONDS else _option(_RESOLUTION, bytes([resolution])) + bytes(4)
    return _block(_INTERFACE, pack("<HHI", link, 0, snap) + says)


def options(*comments: str) -> bytes:
    """Return the options of a block: its comments; nothing without one."""
    return b"".join(_option(_COMMENT, comment.encode()) for comment in comments) + bytes(4) if comments else b""


def packet_blocks(time: I64, captured: I64, wire: I64, room: I64 | int = 0) -> tuple[U8, I64]:
    """Return the enhanced packet blocks without their packets, and where in them the bytes of each packet go.

    ``time`` is in the interface's unit; ``room`` bytes, a multiple of four, are left for options behind the packet,
    which begin at the next multiple of four.
    """
    length = _BLOCK + (captured + 3 & ~3) + room
    start = np.cumsum(length) - length
    out = np.zeros(int(length.sum()), np.uint8)
    words, at = out.view(np.uint32), start >> 2
    words[at] = _PACKET
    for place, value in enumerate((length, 0 * length, time >> 32, time & 0xFFFFFFFF, captured, wire)):
        words[at + 1 + place] = value
    words[at + (length >> 2) - 1] = length
    return out, start + 28


def _option(code: int, value: bytes) -> bytes:
    return pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def _block(kind: int, body: bytes) -> bytes:
    size = pack("<I", 12 + len(body))
    return pack("<I", kind) + size + body + size
