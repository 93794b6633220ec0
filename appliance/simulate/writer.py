# SPDX-License-Identifier: GPL-2.0-or-later
"""The capture file: pcapng (draft-ietf-opsawg-pcapng), one section, one Ethernet interface, microseconds."""

import struct
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from appliance.simulate.rows import I64, U8, Rows

BLOCK = 32  #: bytes of an enhanced packet block besides the packet: 28 before it, 4 after


class CaptureWriter:
    """Writes rows as enhanced packet blocks. The section's comment says what the file is."""

    def __init__(self, file: BinaryIO, comment: str, snap: int = 0) -> None:
        self._file = file
        file.write(_section(comment) + _interface(snap))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, rows: Rows) -> None:
        """Write the rows as they come; the caller sorts them."""
        if len(rows):
            self._file.write(render(rows).data)


def render(rows: Rows) -> U8:
    """Return the blocks of all rows as one array of bytes."""
    kept = np.fromiter(map(len, rows.payload), np.int64, len(rows))
    captured = rows.head_length + kept
    block = BLOCK + (captured + 3 & ~3)
    start = np.cumsum(block) - block
    out = np.zeros(int(block.sum()), np.uint8)
    _frame_blocks(out, start, block, captured, rows)
    _copy_heads(out, start + 28, rows)
    _copy_payloads(out, start + 28 + rows.head_length, kept, rows)
    return out


def _frame_blocks(out: U8, start: I64, block: I64, captured: I64, rows: Rows) -> None:
    words = out.view(np.uint32)
    at = start >> 2
    words[at] = 6
    for place, value in enumerate((block, 0 * block, rows.time >> 32, rows.time & 0xFFFFFFFF, captured, rows.wire)):
        words[at + 1 + place] = value
    words[at + (block >> 2) - 1] = block


def _copy_heads(out: U8, at: I64, rows: Rows) -> None:
    for length in np.unique(rows.head_length).tolist():
        which = np.flatnonzero(rows.head_length == length)
        out[at[which, None] + np.arange(length)] = rows.head[which, :length]


def _copy_payloads(out: U8, at: I64, kept: I64, rows: Rows) -> None:
    target = memoryview(out.data)
    for begin, size, payload in zip(at.tolist(), kept.tolist(), rows.payload, strict=True):
        if size:
            target[begin : begin + size] = payload


def _section(comment: str) -> bytes:
    text = comment.encode()
    body = struct.pack("<IHHqHH", 0x1A2B3C4D, 1, 0, -1, 1, len(text)) + text + bytes(-len(text) % 4) + bytes(4)
    return _block(0x0A0D0D0A, body)


def _interface(snap: int) -> bytes:
    return _block(1, struct.pack("<HHI", 1, 0, snap))


def _block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size
