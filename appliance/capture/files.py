# SPDX-License-Identifier: GPL-2.0-or-later
"""Capture files: what kind one is, its packets in order, and where it is damaged."""

import io
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from appliance.capture import pcap, pcapng
from appliance.capture.damage import Damage, NotACapture, Unreadable
from appliance.capture.frames import Packets
from appliance.capture.pcap import Pcap
from appliance.capture.pcapng import PcapNg
from appliance.capture.seems import seems
from appliance.capture.streams import GZIP, Gunzipped, Plain, Stream, Window
from appliance.limits import COMMENT_CHARACTERS

_SEEMS_BYTES = 512


class Capture:
    """A capture file being read, once and forward.

    Iterate over it for its packets; then ``damage`` tells whether the file was whole.
    """

    def __init__(self, reader: Pcap | PcapNg, plain: Plain, raw: io.RawIOBase) -> None:
        self.damage: Damage | None = None  #: known when all packets were read
        self.size = _size(raw)  #: bytes of the file, None for a pipe
        self._reader = reader
        self._plain = plain
        self._raw = raw

    @property
    def comment(self) -> str | None:
        """What the file says of itself (pcapng only), without control characters."""
        text = next(iter(self.comments), None)
        return text and "".join(char if char.isprintable() else " " for char in text[:COMMENT_CHARACTERS])

    @property
    def comments(self) -> tuple[str, ...]:
        """All that the file says of itself, as it stands there."""
        return self._reader.comments

    @property
    def position(self) -> int:
        """Bytes of the file read so far (compressed bytes, where it is gzip'd)."""
        return self._plain.position

    def __iter__(self) -> Iterator[Packets]:
        """Yield the packets in the order of the file; each chunk is of one link type and stays valid."""
        self.damage = yield from self._reader.read()

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_capture(source: Path | BinaryIO) -> Capture:
    """Open a pcap or pcapng file, gzip'd or not, by its path or as an open file or pipe of ``io``.

    Raises Unreadable if it cannot be read, NotACapture if it is something else.
    """
    raw = _open(source) if isinstance(source, Path) else cast("io.RawIOBase", source)
    try:
        plain, stream = _decompressed(raw)
        return Capture(_reader(stream), plain, raw)
    except BaseException:
        raw.close()
        raise


def _open(path: Path) -> io.RawIOBase:
    try:
        return path.open("rb", buffering=0)
    except (OSError, ValueError) as error:
        raise Unreadable(error.strerror if isinstance(error, OSError) else str(error)) from error


def _decompressed(raw: io.RawIOBase) -> tuple[Plain, Stream]:
    """Return the file as it is, and its content."""
    head = bytearray()
    start = Plain(raw)
    while len(head) < len(GZIP):
        piece = bytearray(len(GZIP) - len(head))
        got = start.readinto(memoryview(piece))
        if not got:
            break
        head += piece[:got]
    if start.trouble and not head:
        raise Unreadable(start.trouble)
    plain = Plain(raw, bytes(head))
    return plain, Gunzipped(plain) if head == GZIP else plain


def _reader(stream: Stream) -> Pcap | PcapNg:
    window = Window(stream)
    window.slide(0)
    head = window.bytes[: min(window.filled, _SEEMS_BYTES)].tobytes()
    if head[:4] in pcap.MAGIC and len(head) >= pcap.FILE_HEADER:
        return Pcap(window)
    if head.startswith(pcapng.MAGIC) and head[8:12] in pcapng.ORDERS:
        return PcapNg(window)
    packing = "gzip'd: " if isinstance(stream, Gunzipped) else ""
    trouble = f" ({window.trouble})" if window.trouble else ""
    raise NotACapture(f"no capture that can be read; it seems to be {packing}{seems(head)}{trouble}")


def _size(raw: io.RawIOBase) -> int | None:
    """Return the bytes of a file; None for what cannot say, such as a pipe."""
    try:
        here = raw.tell()
        size = raw.seek(0, io.SEEK_END)
        raw.seek(here)
    except (OSError, ValueError):
        return None
    return size
