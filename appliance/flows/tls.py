# SPDX-License-Identifier: GPL-2.0-or-later
"""The TLS records of one direction of a flow, by their headers alone (RFC 8446 section 5.1, RFC 5246 section 6.2)."""

from struct import Struct

from appliance.events import PieceKind

APPLICATION_DATA = 23
HEADER = 5
_LARGEST = 16_640  # 2^14 and 256 of expansion (RFC 8446); TLS 1.2 allows more but nobody sends it
_unpack = Struct(">BHH").unpack_from

Found = tuple[PieceKind, int]


def header(data: bytes | memoryview, at: int = 0) -> tuple[int, int] | None:
    """Return (content type, length) of the record header at ``at``, or None if there is none; needs five bytes."""
    if len(data) < at + HEADER:
        return None
    kind, version, length = _unpack(data, at)
    if 20 <= kind <= 23 and 0x0301 <= version <= 0x0304 and length <= _LARGEST:
        return kind, length
    return None


def _may_begin(data: bytes | memoryview, at: int) -> bool:
    """Say whether what is there of a header at ``at``, perhaps nothing, fits one."""
    if len(data) >= at + HEADER:
        return header(data, at) is not None
    rest = bytes(data[at:])
    return not rest or (20 <= rest[0] <= 23 and (len(rest) < 2 or rest[1] == 3))


class Records:
    """Follows the records through the ordered bytes of a flow, joined at any point.

    Without sync, a segment that begins with a record header is believed only once the record's end is confirmed: it
    ends where a segment ends, or the next header is there. Bytes that belong to no known record are reported as
    PAYLOAD, so that every byte is reported once and no record is ever made up.
    """

    __slots__ = ("_head", "_kind", "_left", "_length", "sure")

    def __init__(self) -> None:
        self.sure = False  #: the place in the record sequence is confirmed
        self._head = b""  # a header torn between two segments
        self._kind = 0
        self._length = 0
        self._left = -1  # bytes of the current record's body still to come, -1 before a header

    def feed(self, data: bytes | memoryview) -> list[Found]:
        """Take the next bytes in order; return the application-data records that they complete."""
        if self._left > len(data):  # most segments of a large record
            self._left -= len(data)
            return []
        found: list[Found] = []
        if self._head:
            data = self._head + bytes(data)
            self._head = b""
        at, end = 0, len(data)
        while at < end or self._left == 0:
            if self._left < 0:
                at = self._begin(data, at, found)
            elif self._left > end - at:
                self._left -= end - at
                break
            else:
                at += self._left
                at = self._finish(data, at, found)
        return found

    def _begin(self, data: bytes | memoryview, at: int, found: list[Found]) -> int:
        """Read the header at ``at``; return where its body begins, or the end if there is no header."""
        beginning = header(data, at)
        if beginning is not None:
            self._kind, self._length = beginning
            self._left = self._length
            return at + HEADER
        if self.sure and len(data) - at < HEADER and _may_begin(data, at):
            self._head = bytes(data[at:])
        else:
            self.sure = False
            found.append((PieceKind.PAYLOAD, len(data) - at))
        return len(data)

    def _finish(self, data: bytes | memoryview, at: int, found: list[Found]) -> int:
        """Close the record that ends at ``at``; return where the next begins."""
        self._left = -1
        if not self.sure and not _may_begin(data, at):
            found.append((PieceKind.PAYLOAD, HEADER + self._length + len(data) - at))
            return len(data)
        self.sure = True
        if self._kind == APPLICATION_DATA and self._length:
            found.append((PieceKind.RECORD, self._length))
        return at

    def lose(self) -> int:
        """Give up the place in the sequence, after a loss; return how many bytes of a broken record had been seen."""
        seen = len(self._head) if self._left < 0 else HEADER + self._length - self._left
        self.__init__()  # type: ignore[misc]
        return seen
