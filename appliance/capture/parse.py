# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames out of packets: one numpy step per header for a whole chunk instead of one Python step per packet."""

import numpy as np

from appliance.capture.fragments import Fragments, disown
from appliance.capture.frames import I64, U8, Frames, Packets
from appliance.capture.internet import network_layer
from appliance.capture.links import link_layer
from appliance.capture.streams import ROOM
from appliance.capture.transport import transport_layer


def parse(packets: Packets, fragments: Fragments | None = None) -> Frames:
    """Read the headers of every packet; never raises, whatever the packets hold.

    ``fragments`` remembers from chunk to chunk which flow fragmented TCP segments belong to. A later fragment of no
    known flow has protocol 44, whatever it is a fragment of.
    """
    captured_end, wire_end = packets.at + packets.captured, packets.at + packets.wire
    buffer = _roomy(packets.buffer, captured_end)
    link = link_layer(packets, buffer)
    internet = network_layer(buffer, link, captured_end, wire_end)
    transport = transport_layer(buffer, internet, captured_end)
    if internet.fragment.any():
        if fragments:
            fragments.feed(packets.time, captured_end, internet, transport)
        disown(internet, transport)
    return Frames(
        packets=packets,
        source=link.source,
        target=link.target,
        version=internet.version,
        protocol=internet.protocol,
        source_high=internet.source_high,
        source_low=internet.source_low,
        target_high=internet.target_high,
        target_low=internet.target_low,
        source_port=transport.source_port,
        target_port=transport.target_port,
        sequence=transport.sequence,
        acknowledged=transport.acknowledged,
        flags=transport.flags,
        payload_at=transport.payload_at,
        payload=transport.payload,
        present=transport.present,
    )


def _roomy(buffer: U8, captured_end: I64) -> U8:
    """Return the buffer with ROOM behind the last packet; windows of a file have that already."""
    if len(captured_end) and int(captured_end.max()) + ROOM <= len(buffer):
        return buffer
    return np.concatenate((buffer, np.zeros(ROOM, np.uint8)))
