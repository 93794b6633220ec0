# SPDX-License-Identifier: GPL-2.0-or-later
"""The capture file: pcapng, one section, one Ethernet interface, microseconds."""

from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from appliance.capture.blocks import interface, packet_blocks, section
from appliance.simulate.rows import I64, U8, Rows


class CaptureWriter:
    """Writes rows as enhanced packet blocks. The section's comment says what the file is."""

    def __init__(self, file: BinaryIO, comment: str, snap: int = 0) -> None:
        self._file = file
        file.write(section(comment) + interface(snap))

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
    out, at = packet_blocks(rows.time, rows.head_length + kept, rows.wire)
    _copy_heads(out, at, rows)
    _copy_payloads(out, at + rows.head_length, kept, rows)
    return out


def _copy_heads(out: U8, at: I64, rows: Rows) -> None:
    for length in np.unique(rows.head_length).tolist():
        which = np.flatnonzero(rows.head_length == length)
        out[at[which, None] + np.arange(length)] = rows.head[which, :length]


def _copy_payloads(out: U8, at: I64, kept: I64, rows: Rows) -> None:
    target = memoryview(out.data)
    for begin, size, payload in zip(at.tolist(), kept.tolist(), rows.payload, strict=True):
        if size:
            target[begin : begin + size] = payload
