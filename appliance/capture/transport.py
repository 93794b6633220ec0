# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP (RFC 9293) and UDP (RFC 768) headers of a chunk."""

from dataclasses import dataclass

import numpy as np

from appliance.capture.frames import I64, U8, U16, U32
from appliance.capture.internet import Internet
from appliance.capture.links import layout
from appliance.capture.walk import rows

TCP, UDP = 6, 17
_TCP = layout(
    16,
    source=(">u2", 0),
    target=(">u2", 2),
    sequence=(">u4", 4),
    acknowledged=(">u4", 8),
    offset=("u1", 12),
    flags=("u1", 13),
)
_UDP = layout(8, source=(">u2", 0), target=(">u2", 2), length=(">u2", 4))


@dataclass(slots=True)
class Transport:
    """The transport layer of a chunk, as the columns of Frames of the same names."""

    source_port: U16
    target_port: U16
    sequence: U32
    acknowledged: U32
    flags: U8
    payload_at: I64
    payload: I64
    present: I64


def transport_layer(buffer: U8, internet: Internet, captured_end: I64) -> Transport:
    """Read the transport headers; what is cut within its header or malformed gets protocol 0 in ``internet``."""
    size = len(captured_end)
    transport = Transport(
        source_port=np.zeros(size, np.uint16),
        target_port=np.zeros(size, np.uint16),
        sequence=np.zeros(size, np.uint32),
        acknowledged=np.zeros(size, np.uint32),
        flags=np.zeros(size, np.uint8),
        payload_at=np.zeros(size, np.int64),
        payload=np.zeros(size, np.int64),
        present=np.zeros(size, np.int64),
    )
    first = internet.fragment < 8
    _tcp(buffer, internet, captured_end, np.flatnonzero((internet.protocol == TCP) & first), transport)
    _udp(buffer, internet, captured_end, np.flatnonzero((internet.protocol == UDP) & first), transport)
    return transport


def _tcp(buffer: U8, internet: Internet, captured_end: I64, chosen: I64, into: Transport) -> None:
    chosen = _whole(internet, captured_end, chosen, 20)
    begin = internet.transport[chosen]
    header = rows(buffer, begin, _TCP)
    size = (header["offset"] >> 4) * np.int64(4)
    payload_at = begin + size
    payload = internet.end[chosen] - payload_at
    good = (size >= 20) & (payload >= 0)
    if not good.all():
        internet.protocol[chosen[~good]] = 0
        chosen, header, payload_at, payload = chosen[good], header[good], payload_at[good], payload[good]
    into.source_port[chosen] = header["source"]
    into.target_port[chosen] = header["target"]
    into.sequence[chosen] = header["sequence"]
    into.acknowledged[chosen] = header["acknowledged"]
    into.flags[chosen] = header["flags"]
    into.payload_at[chosen] = payload_at
    into.payload[chosen] = payload
    into.present[chosen] = np.clip(captured_end[chosen] - payload_at, 0, payload)


def _udp(buffer: U8, internet: Internet, captured_end: I64, chosen: I64, into: Transport) -> None:
    chosen = _whole(internet, captured_end, chosen, 8)
    begin = internet.transport[chosen]
    header = rows(buffer, begin, _UDP)
    length, here = header["length"].astype(np.int64), internet.end[chosen] - begin
    # the first fragment says the whole datagram's length; 0 is a jumbogram's (RFC 2675)
    length = np.where(length == 0, here, np.where(internet.fragment[chosen] == 1, length, np.minimum(length, here)))
    good = (length >= 8) & (here >= 8)
    if not good.all():
        internet.protocol[chosen[~good]] = 0
        chosen, header, begin, length, here = chosen[good], header[good], begin[good], length[good], here[good]
    into.source_port[chosen] = header["source"]
    into.target_port[chosen] = header["target"]
    into.payload_at[chosen] = begin + 8
    into.payload[chosen] = length - 8
    into.present[chosen] = np.clip(captured_end[chosen] - begin - 8, 0, np.minimum(length, here) - 8)


def _whole(internet: Internet, captured_end: I64, chosen: I64, size: int) -> I64:
    """Return those of which ``size`` bytes of transport header were captured; the others' protocol becomes 0."""
    whole = internet.transport[chosen] + size <= captured_end[chosen]
    if whole.all():
        return chosen
    internet.protocol[chosen[~whole]] = 0
    return chosen[whole]
