# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP segments of one direction put in order, each byte once (RFC 9293 section 3.4: sequence numbers wrap)."""

from bisect import insort
from typing import NamedTuple

from appliance import limits

_MASK = 0xFFFFFFFF
_HALF = 0x80000000


class Span(NamedTuple):
    """Bytes in order: ``length`` of them, of which ``data`` holds as many as were captured.

    ``lost`` None: they follow the bytes before. Otherwise the sequence is broken, with that many bytes known as lost.
    """

    lost: int | None
    length: int
    data: bytes | memoryview


class _Held(NamedTuple):
    """A segment that waits behind a hole; ``at`` counts from the flow's first byte without wrapping."""

    at: int
    length: int
    time: int
    data: bytes


class Order:
    """Puts segments in order. What a hole holds back is bounded in bytes and segments; the caller watches the time."""

    __slots__ = ("_held", "at", "held_bytes")

    def __init__(self, sequence: int | None = None) -> None:
        self.at = sequence  #: position of the next byte, unwrapped; None until the first segment tells
        self.held_bytes = 0
        self._held: list[_Held] = []

    @property
    def waits_since(self) -> int | None:
        """When the segment right behind the first hole came, in the caller's unit; None without a hole."""
        return self._held[0].time if self._held else None

    def ahead(self, sequence: int) -> int:
        """Return how far a sequence number lies ahead of the next byte; negative for old ones."""
        return 0 if self.at is None else ((sequence - self.at + _HALF) & _MASK) - _HALF

    def feed(self, time: int, sequence: int, length: int, data: bytes | memoryview) -> list[Span]:
        """Take a segment; return what is in order now. Old bytes (retransmissions, keep-alive probes) vanish."""
        if self.at is None:
            self.at = sequence
        ahead = ((sequence - self.at + _HALF) & _MASK) - _HALF
        if ahead == 0 and not self._held:
            self.at += length
            return [Span(None, length, data)]
        if ahead > limits.TCP_WINDOW or ahead < -limits.TCP_WINDOW:
            return self._jump(ahead, length, data)
        if ahead + length <= 0:
            return []
        at = self.at + ahead
        insort(self._held, _Held(at, length, time, bytes(data)), key=lambda held: held.at)
        self.held_bytes += length
        spans = self._drain()
        while self.held_bytes > limits.HELD_BYTES or len(self._held) > limits.HELD_SEGMENTS:
            spans += self.give_up()
        return spans

    def give_up(self) -> list[Span]:
        """Skip the first hole: report it as lost, and go on behind it."""
        if not self._held or self.at is None:
            return []
        lost = self._held[0].at - self.at
        self.at += lost
        first, *rest = self._drain()
        return [first._replace(lost=lost), *rest]

    def flush(self) -> list[Span]:
        """Give up all holes."""
        spans: list[Span] = []
        while self._held:
            spans += self.give_up()
        return spans

    def restart(self) -> None:
        """Forget the place: the next segment begins anew."""
        self.__init__()  # type: ignore[misc]

    def _drain(self) -> list[Span]:
        """Take from the waiting segments all that is in order now."""
        spans = []
        at = self.at or 0
        while self._held and self._held[0].at <= at:
            held = self._held.pop(0)
            self.held_bytes -= held.length
            old = at - held.at
            if old < held.length:
                spans.append(Span(None, held.length - old, held.data[old:]))
                at += held.length - old
        self.at = at
        return spans

    def _jump(self, ahead: int, length: int, data: bytes | memoryview) -> list[Span]:
        """Follow a sequence number that no window explains: ahead, the capture lost that much; behind, it is new."""
        spans = self.flush()
        self.at = (self.at or 0) + ahead + length
        return [*spans, Span(max(ahead, 0), length, data)]
