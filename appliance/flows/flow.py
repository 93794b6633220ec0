# SPDX-License-Identifier: GPL-2.0-or-later
"""One flow: what is remembered of it, and how its upstream bytes become pieces."""

from appliance.events import PieceKind, Proof
from appliance.flows.chunk import Begun
from appliance.flows.cut import CutRecords
from appliance.flows.introduction import Introduction
from appliance.flows.quic import QuicIntroduction
from appliance.flows.tcp import Order, Span
from appliance.flows.tls import Found, Records
from appliance.flows.watches import Watch

_TLS_PORT = 443


class Flow:
    """What is remembered of one connection."""

    __slots__ = (
        "begun",
        "closed",
        "cut",
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
        self.cut = CutRecords()
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
        waits = self.introduction is not None or self.fin is not None or order.waits_since is not None or self.cut.left
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
        whole = len(span.data) == span.length
        if whole and span.lost is None and not self.cut.left:
            return self.records.feed(span.data)
        broken = self.records.lose() + (self.cut.lose() if span.lost is not None else 0)
        found: list[Found] = [(PieceKind.PAYLOAD, broken)] if broken else []
        if whole and not self.cut.left:
            return found + self.records.feed(span.data)
        return [*found, *self.cut.feed(span.length, bytes(span.data), tls=self.key.remote_port == _TLS_PORT)]

    def restart(self) -> None:
        """Go on after a stretch that was not looked at."""
        self.order.restart()
        self.records.lose()
        self.cut.lose()
        self.introduction = None
