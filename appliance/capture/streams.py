# SPDX-License-Identifier: GPL-2.0-or-later
"""The bytes of a capture file in bounded windows, from a disk or a pipe, gunzipped where they are gzip'd."""

import io
import zlib
from typing import Protocol

import numpy as np

from appliance.capture.frames import U8
from appliance.limits import CHUNK_BYTES, INFLATE_BYTES

ROOM = 64  #: bytes behind the end of a window, so that a header may be read as a whole even where the end cuts it

GZIP = b"\x1f\x8b"
_COMPRESSED_BYTES = 64 << 10


class Stream(Protocol):
    """Bytes in order; when they end, ``trouble`` says why if they should not have."""

    trouble: str | None

    def readinto(self, into: memoryview) -> int:
        """Write up to ``len(into)`` bytes and return how many; 0 at the end."""


class Plain:
    """The bytes of the file as they are, after ``head`` that was read already."""

    def __init__(self, raw: io.RawIOBase, head: bytes = b"") -> None:
        self.trouble: str | None = None
        self.position = 0  #: bytes of the file that were read
        self._raw = raw
        self._head = head

    def readinto(self, into: memoryview) -> int:
        """Write up to ``len(into)`` bytes and return how many; 0 at the end or when the disk fails."""
        if self._head:
            got = min(len(self._head), len(into))
            into[:got] = self._head[:got]
            self._head = self._head[got:]
        else:
            got = self._read(into)
        self.position += got
        return got

    def _read(self, into: memoryview) -> int:
        try:
            return self._raw.readinto(into) or 0
        except OSError as error:
            self.trouble = f"the file cannot be read further: {error.strerror or error}"
            return 0


class Gunzipped:
    """The decompressed bytes of a gzip file of one or more members (RFC 1952)."""

    def __init__(self, plain: Stream) -> None:
        self.trouble: str | None = None
        self._plain = plain
        self._inflater = zlib.decompressobj(wbits=31)
        self._compressed = b""
        self._step = _COMPRESSED_BYTES
        self._ended = False

    def readinto(self, into: memoryview) -> int:
        """Write up to ``len(into)`` decompressed bytes and return how many; 0 at the end or at damage."""
        while not self._ended:
            if not self._compressed:
                self._read()
            out = self._inflate(min(len(into), INFLATE_BYTES))
            if out:
                into[: len(out)] = out
                return len(out)
        return 0

    def _read(self) -> None:
        """Read on; at the end of the file a member is still open."""
        piece = bytearray(_COMPRESSED_BYTES)
        got = self._plain.readinto(memoryview(piece))
        self._compressed += piece[:got]
        if not got:
            self._ended = True
            self.trouble = self._plain.trouble or "the gzip data end too early"

    def _inflate(self, most: int) -> bytes:
        """Return up to ``most`` bytes more; near damage in ever smaller steps, so that all before it comes out."""
        before, piece = self._inflater.copy(), self._compressed[: self._step]
        try:
            out = self._inflater.decompress(piece, most)
        except zlib.error as error:
            self._inflater, self._step = before, len(piece) // 2
            if not self._step:
                self._ended, self.trouble = True, f"the gzip data are damaged ({error})"
            return b""
        self._compressed = self._inflater.unconsumed_tail + self._compressed[self._step :]
        if self._inflater.eof:
            self._next_member(self._inflater.unused_data + self._compressed)
        return out

    def _next_member(self, rest: bytes) -> None:
        """Go on behind a whole member; padding of zeros ends the file, and so does whatever is no gzip."""
        self._compressed = rest
        while len(self._compressed) < len(GZIP) and not self._ended:
            self._read()
        self._inflater = zlib.decompressobj(wbits=31)
        self._ended = not self._compressed.startswith(GZIP)
        self.trouble = self._plain.trouble
        if self._ended and self._compressed.strip(b"\0"):
            self.trouble = "something else follows the gzip data"


class Window:
    """The part of a stream that is in memory. It slides forward; what was handed out of it stays as it was."""

    def __init__(self, stream: Stream) -> None:
        self.bytes: U8 = np.zeros(ROOM, np.uint8)  #: ``filled`` bytes of the stream, and ROOM zeros
        self.filled = 0
        self.start = 0  #: where in the stream the window begins
        self._stream = stream

    @property
    def trouble(self) -> str | None:
        """Why the stream ended, if it should not have."""
        return self._stream.trouble

    def slide(self, used: int, need: int = 0) -> bool:
        """Drop the first ``used`` bytes and read on, to ``need`` bytes at least; return whether any byte came."""
        carry, size = self.filled - used, max(CHUNK_BYTES, need)
        fresh: U8 = np.empty(size + ROOM, np.uint8)
        fresh[:carry] = self.bytes[used : self.filled]
        self.start += used
        self.filled = self._fill(fresh.data[:size], carry)
        fresh[self.filled : self.filled + ROOM] = 0
        self.bytes = fresh[: self.filled + ROOM]
        return self.filled > carry

    def _fill(self, into: memoryview, filled: int) -> int:
        while filled < len(into):
            got = self._stream.readinto(into[filled:])
            if not got:
                break
            filled += got
        return filled
