# SPDX-License-Identifier: GPL-2.0-or-later
"""What is kept of a frame: its headers.

Those are link, network and transport header, and in a TCP payload the headers of TLS records, five bytes each. What
lies between record headers is zeroed, what lies behind the last is cut. No content of plain-text protocols is kept,
neither names that were asked for nor pages. Frames of other kinds than TCP and UDP keep link and network header.
"""

import numpy as np
from numpy.typing import NDArray

from appliance.capture.frames import I64, Frames
from appliance.flows.cut import record_headers
from appliance.flows.tls import HEADER
from appliance.limits import EVIDENCE_HEADER_BYTES, EVIDENCE_RECORDS

_TCP, _UDP = 6, 17

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


def whole(frames: Frames, chosen: Rows) -> list[bytes]:
    """Return frames as they were captured."""
    return _begins(frames, chosen, frames.packets.captured[chosen])


def bare(frames: Frames, chosen: Rows, up: Mask) -> list[bytes]:
    """Return the headers of frames; where the device sends (``up``), of all records of a payload, else of the first."""
    kept = _begins(frames, chosen, _headers(frames, chosen))
    buffer = frames.packets.buffer.data
    tells = np.flatnonzero((frames.protocol[chosen] == _TCP) & (frames.present[chosen] >= HEADER))
    places = (frames.payload_at[chosen[tells]], frames.present[chosen[tells]], np.where(up[tells], EVIDENCE_RECORDS, 1))
    for row, at, present, most in zip(tells.tolist(), *(column.tolist() for column in places), strict=True):
        kept[row] += _records(bytes(buffer[at : at + present]), most)
    return kept


def _begins(frames: Frames, chosen: Rows, sizes: I64) -> list[bytes]:
    buffer, places = frames.packets.buffer.data, frames.packets.at[chosen].tolist()
    return [bytes(buffer[at : at + size]) for at, size in zip(places, sizes.tolist(), strict=True)]


def _headers(frames: Frames, chosen: Rows) -> I64:
    """Return how many bytes of each frame its headers take, up to the transport's."""
    protocol, version = frames.protocol[chosen], frames.version[chosen]
    headers: I64 = frames.payload_at[chosen] - frames.packets.at[chosen]
    other = (protocol != _TCP) & (protocol != _UDP)
    for each, size in EVIDENCE_HEADER_BYTES.items():
        headers[other & (version == each)] = size
    return np.minimum(headers, frames.packets.captured[chosen], dtype=np.int64)


def _records(payload: bytes, most: int) -> bytes:
    """Return a payload up to its last record header, with zeros between the headers; nothing if it has none."""
    found = record_headers(payload, most)
    if most == 1 and found != [0]:
        return b""
    bare = bytearray(found[-1] + HEADER if found else 0)
    for at in found:
        bare[at : at + HEADER] = payload[at : at + HEADER]
    return bytes(bare)
