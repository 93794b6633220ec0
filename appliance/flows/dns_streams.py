# SPDX-License-Identifier: GPL-2.0-or-later
"""DNS over TCP (RFC 7766): messages that may come in several segments, each after its length in two bytes."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator

from appliance import limits
from appliance.flows import dns
from appliance.flows.tcp import Order


class _Stream:
    """One direction of a connection: its segments' order, and the bytes of the message that is not whole yet."""

    __slots__ = ("order", "rest")

    def __init__(self) -> None:
        self.order = Order()
        self.rest = b""


class DnsStreams:
    """Puts the segments of DNS connections in order and gives their whole messages."""

    def __init__(self) -> None:
        self.evicted = 0  #: connections forgotten for lack of room
        self._streams: OrderedDict[Hashable, _Stream] = OrderedDict()

    def feed(self, connection: Hashable, time: int, sequence: int, length: int, data: bytes) -> Iterator[bytes]:
        """Take a segment of one direction of ``connection``, ``length`` bytes of which ``data`` was captured."""
        stream = self._streams.get(connection) or self._begin(connection)
        self._streams.move_to_end(connection)
        for span in stream.order.feed(time, sequence, length, data):
            before = stream.rest if span.lost is None else b""
            messages, rest = dns.split(before + bytes(span.data))
            stream.rest = rest if len(span.data) == span.length else b""
            yield from messages

    def _begin(self, connection: Hashable) -> _Stream:
        stream = self._streams[connection] = _Stream()
        if len(self._streams) > limits.DNS_STREAMS:
            self._streams.popitem(last=False)
            self.evicted += 1
        return stream
