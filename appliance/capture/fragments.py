# SPDX-License-Identifier: GPL-2.0-or-later
"""IP fragments: which flow the later fragments of a TCP segment belong to.

Of a fragmented UDP datagram the first fragment already says the whole length, so its later ones count nothing.
"""

from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from appliance.capture.frames import I64
from appliance.capture.internet import FRAGMENT, Internet
from appliance.capture.transport import TCP, Transport
from appliance.limits import FRAGMENT_SECONDS, FRAGMENTED_SEGMENTS

_ACK = 16
_Key = tuple[int, int, int, int, int]


class _Segment(NamedTuple):
    """What a segment's first fragment said."""

    time: int
    source_port: int
    target_port: int
    sequence: int
    header: int


class Fragments:
    """Remembers the first fragments of TCP segments; a later fragment that overtook its first is of no flow."""

    def __init__(self) -> None:
        self.evicted = 0  #: segments forgotten because too many were open
        self._open: OrderedDict[_Key, _Segment] = OrderedDict()

    def feed(self, time: I64, captured_end: I64, internet: Internet, transport: Transport) -> None:
        """Fill in the columns of later TCP fragments whose first is known."""
        for frame in np.flatnonzero((internet.fragment != 0) & (internet.protocol == TCP)).tolist():
            key = _key(internet, frame)
            if internet.fragment[frame] < 8:
                self._remember(key, _first(int(time[frame]), frame, internet, transport))
            elif (first := self._open.get(key)) and abs(
                int(time[frame]) - first.time
            ) < FRAGMENT_SECONDS * 1_000_000_000:
                _fill(frame, first, captured_end, internet, transport)

    def _remember(self, key: _Key, segment: _Segment) -> None:
        self._open.pop(key, None)
        self._open[key] = segment
        if len(self._open) > FRAGMENTED_SEGMENTS:
            self._open.popitem(last=False)
            self.evicted += 1


def disown(internet: Internet, transport: Transport) -> None:
    """Mark the later fragments that are of no known flow, so that nobody takes them for TCP or UDP with port 0."""
    later = np.flatnonzero(internet.fragment >= 8)
    internet.protocol[later[transport.source_port[later] == 0]] = FRAGMENT


def _key(internet: Internet, frame: int) -> _Key:
    columns = (internet.source_high, internet.source_low, internet.target_high, internet.target_low, internet.number)
    source_high, source_low, target_high, target_low, number = (int(column[frame]) for column in columns)
    return source_high, source_low, target_high, target_low, number


def _first(time: int, frame: int, internet: Internet, transport: Transport) -> _Segment:
    ports = int(transport.source_port[frame]), int(transport.target_port[frame])
    header = int(transport.payload_at[frame] - internet.transport[frame])
    return _Segment(time, *ports, int(transport.sequence[frame]), header)


def _fill(frame: int, first: _Segment, captured_end: I64, internet: Internet, transport: Transport) -> None:
    begin = int(internet.transport[frame])
    payload = max(int(internet.end[frame]) - begin, 0)
    offset = int(internet.fragment[frame] & 0xFFF8)
    transport.source_port[frame] = first.source_port
    transport.target_port[frame] = first.target_port
    transport.sequence[frame] = (first.sequence + offset - first.header) & 0xFFFF_FFFF
    transport.flags[frame] = _ACK
    transport.payload_at[frame] = begin
    transport.payload[frame] = payload
    transport.present[frame] = min(max(int(captured_end[frame]) - begin, 0), payload)
