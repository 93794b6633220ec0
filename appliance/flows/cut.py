# SPDX-License-Identifier: GPL-2.0-or-later
"""The records of one direction of a flow whose bytes the snap length cut: by the headers that are still to be seen."""

from collections.abc import Iterator

from appliance.events import PieceKind
from appliance.flows.tls import APPLICATION_DATA, HEADER, Found, header

_DATA = b"\x17\x03\x03"  # how the header of a record of data begins, since TLS 1.2; as good as never by chance


def record_headers(data: bytes, most: int) -> list[int]:
    """Return where up to ``most`` record headers are in a payload: the first that there is, and those it leads to."""
    at = 0 if header(data) else data.find(_DATA)
    found: list[int] = []
    while at >= 0 and len(found) < most and (begins := header(data, at)):
        found.append(at)
        at += HEADER + begins[1]
    return found


class CutRecords:
    """Follows the records as far as their headers show, and lets what is between stand in for one."""

    __slots__ = ("_kind", "_length", "left")

    def __init__(self) -> None:
        self.left = 0  #: bytes still to come of a record whose header was seen
        self._kind = 0
        self._length = 0

    def feed(self, size: int, data: bytes, *, tls: bool) -> Iterator[Found]:
        """Take the next ``size`` bytes in order, of which ``data`` is there; yield the application data they complete.

        ``tls``: the flow's port says that it is TLS, whatever is to be seen.
        """
        if size < self.left:
            self.left -= size
            return
        at, self.left = self.left, 0
        if at:
            yield from self._done()
        elif not header(data):
            at = next(iter(record_headers(data, 1)), size)
            yield PieceKind.PAYLOAD, max(1, at - HEADER) if tls else at
        while at < size and (begins := header(data, at)):
            self._kind, self._length = begins
            at += HEADER + self._length
            if at > size:
                self.left = at - size
                return
            yield from self._done()
        if at < size:
            yield from self._rest(size - at)

    def _done(self) -> Iterator[Found]:
        if self._kind == APPLICATION_DATA and self._length:
            yield PieceKind.PAYLOAD, self._length

    def _rest(self, size: int) -> Iterator[Found]:
        """Let bytes behind a record, of which no header is to be seen, stand in for one more.

        If it fits into them several times without a rest, so many are assumed: senders and offload put a beat's records
        into one segment. Behind a handshake there is no data.
        """
        whole = HEADER + self._length
        if self._kind == APPLICATION_DATA and self._length and size % whole == 0:
            yield from [(PieceKind.PAYLOAD, self._length)] * (size // whole)
        elif self._kind == APPLICATION_DATA:
            yield PieceKind.PAYLOAD, max(1, size - HEADER)

    def lose(self) -> int:
        """Give up the place in the sequence; return how many bytes of a broken record had been seen."""
        seen = HEADER + self._length - self.left if self.left else 0
        self.left = 0
        return seen if self._kind == APPLICATION_DATA else 0
