# SPDX-License-Identifier: GPL-2.0-or-later
"""One flow: what is remembered of it, and how its upstream bytes become pieces."""

from collections.abc import Iterator

from appliance.events import PieceKind, Proof
from appliance.flows.chunk import Begun
from appliance.flows.introduction import Introduction
from appliance.flows.quic import QuicIntroduction
from appliance.flows.tcp import Order, Span
from appliance.flows.tls import APPLICATION_DATA, HEADER, Found, Records, header
from appliance.flows.watches import Watch

_TLS_PORT = 443


class Flow:
    """What is remembered of one connection."""

    __slots__ = (
        "begun",
        "closed",
        "fin",
        "introduction",
        "key",
        "last",
        "names_seen",
        "number",
        "opened",
        "order",
        "proof",
        "records",
        "sent",
        "settled",
        "watch",
        "watch_until",
    )

    def __init__(self, number: int, begun: Begun) -> None:
        self.number = number  #: flows are numbered as they come
        self.begun = begun
        self.key = key = begun.key
        self.last = 0  #: us of the last packet that was looked at
        self.opened = False
        self.closed = False
        self.settled = False  #: a segment that is the next in order may be given a short look
        self.fin: int | None = None  #: position in the order at which the device ends the flow
        self.order = Order()
        self.records = Records()
        self.introduction: Introduction | QuicIntroduction | None
        self.introduction = Introduction() if key.proto == "tcp" else QuicIntroduction()
        self.proof = Proof.NONE
        self.names_seen = -1
        self.watch: Watch | None = None
        self.watch_until = 0  #: us; pieces after that begin anew
        self.sent = 0  #: bytes of pieces since the flow began, or began anew

    def settle(self) -> None:
        """Note whether nothing is waited for, so that the next segment in order can be read at once."""
        order = self.order
        waits = self.introduction is not None or self.fin is not None or order.waits_since is not None
        self.settled = order.at is not None and not waits and not self.closed

    def read_next(self, sequence: int, data: memoryview) -> list[Found] | None:
        """Read a whole segment of a settled flow at once; None if it is not the next in order."""
        at = self.order.at
        if at is None or sequence != at & 0xFFFFFFFF:
            return None
        self.order.at = at + len(data)
        return self.records.feed(data)

    def read(self, span: Span) -> list[Found]:
        """Turn bytes in order into pieces: TLS records, or what stands in for them."""
        if span.lost is None and len(span.data) == span.length:
            return self.records.feed(span.data)
        broken = self.records.lose()
        found: list[Found] = [(PieceKind.PAYLOAD, broken)] if broken else []
        if len(span.data) == span.length:
            return found + self.records.feed(span.data)
        return [*found, *self._cut(span)]

    def _cut(self, span: Span) -> Iterator[Found]:
        """Let a segment that the snap length cut stand in for one record, unless it shows that it is no data.

        If it shows a header of a record that fits into the segment several times without a rest, so many are assumed:
        senders and offload put a beat's records into one segment.
        """
        kind, size = header(span.data) or (APPLICATION_DATA, 0)
        if kind != APPLICATION_DATA:
            return
        if size and span.length % (HEADER + size) == 0:
            yield from [(PieceKind.PAYLOAD, size)] * (span.length // (HEADER + size))
        elif size or self.key.remote_port == _TLS_PORT:
            yield PieceKind.PAYLOAD, max(1, span.length - HEADER)
        else:
            yield PieceKind.PAYLOAD, span.length

    def restart(self) -> None:
        """Go on after a stretch that was not looked at."""
        self.order.restart()
        self.records.lose()
        self.introduction = None
