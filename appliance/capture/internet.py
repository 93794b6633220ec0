# SPDX-License-Identifier: GPL-2.0-or-later
"""IPv4 (RFC 791) and IPv6 (RFC 8200) headers of a chunk, with options, extension headers and fragments."""

from dataclasses import dataclass

import numpy as np

from appliance.capture.frames import I64, U8, U16, U32, U64
from appliance.capture.links import IPV4, IPV6, Link, layout
from appliance.capture.walk import rows
from appliance.limits import EXTENSION_HEADERS

FRAGMENT = 44  #: stands as protocol of a fragment that is not its packet's first
_MAPPED = np.uint64(0xFFFF_0000_0000)
_IPV4 = layout(
    20,
    first=("u1", 0),
    total=(">u2", 2),
    number=(">u2", 4),
    fragment=(">u2", 6),
    protocol=("u1", 9),
    source=(">u4", 12),
    target=(">u4", 16),
)
_IPV6 = layout(
    40,
    first=("u1", 0),
    length=(">u2", 4),
    protocol=("u1", 6),
    source_high=(">u8", 8),
    source_low=(">u8", 16),
    target_high=(">u8", 24),
    target_low=(">u8", 32),
)
_EXTENSION = layout(8, protocol=("u1", 0), length=("u1", 1), fragment=(">u2", 2), number=(">u4", 4))
_HOP_BY_HOP, _ROUTING, _AUTHENTICATION, _DESTINATION, _MOBILITY, _HIP, _SHIM6 = 0, 43, 51, 60, 135, 139, 140
_EXTENSIONS = np.zeros(256, bool)
_EXTENSIONS[[_HOP_BY_HOP, _ROUTING, FRAGMENT, _AUTHENTICATION, _DESTINATION, _MOBILITY, _HIP, _SHIM6]] = True


@dataclass(slots=True)
class Internet:
    """The network layer of a chunk; positions are in the buffer and may lie behind what was captured."""

    version: U8
    protocol: U8
    source_high: U64
    source_low: U64
    target_high: U64
    target_low: U64
    transport: I64  #: where the transport header begins
    end: I64  #: where the IP packet ends, by its header
    fragment: U16  #: 8-byte units from the begin of the whole packet, times 8; 1 is added if more fragments follow
    number: U32  #: identification of a fragmented packet


def network_layer(buffer: U8, link: Link, captured_end: I64, wire_end: I64) -> Internet:
    """Read the IP headers. What is no IP, or cut within its header, or malformed, has version and protocol 0."""
    size = len(link.network)
    internet = Internet(
        version=np.zeros(size, np.uint8),
        protocol=np.zeros(size, np.uint8),
        source_high=np.zeros(size, np.uint64),
        source_low=np.zeros(size, np.uint64),
        target_high=np.zeros(size, np.uint64),
        target_low=np.zeros(size, np.uint64),
        transport=np.zeros(size, np.int64),
        end=np.zeros(size, np.int64),
        fragment=np.zeros(size, np.uint16),
        number=np.zeros(size, np.uint32),
    )
    _ipv4(buffer, link, captured_end, wire_end, internet)
    _ipv6(buffer, link, captured_end, wire_end, internet)
    return internet


def _ipv4(buffer: U8, link: Link, captured_end: I64, wire_end: I64, into: Internet) -> None:
    chosen = np.flatnonzero((link.ethertype == IPV4) & (link.network + 20 <= captured_end))
    at = link.network[chosen]
    header = rows(buffer, at, _IPV4)
    size, total = (header["first"] & 15) * np.int64(4), header["total"].astype(np.int64)
    end = at + total
    end[total == 0] = wire_end[chosen[total == 0]]  # what segmentation offload leaves to the network card
    good = (header["first"] >> 4 == 4) & (size >= 20) & (end >= at + size)
    if not good.all():
        chosen, at, header, size, end = chosen[good], at[good], header[good], size[good], end[good]
    into.version[chosen] = 4
    into.protocol[chosen] = header["protocol"]
    into.source_low[chosen] = header["source"] | _MAPPED
    into.target_low[chosen] = header["target"] | _MAPPED
    into.transport[chosen] = at + size
    into.end[chosen] = end
    fragments = np.flatnonzero(header["fragment"] & 0x3FFF)
    if len(fragments):
        word = header["fragment"][fragments]
        into.fragment[chosen[fragments]] = ((word & 0x1FFF) << 3) | ((word & 0x2000) >> 13)
        into.number[chosen[fragments]] = header["number"][fragments]


def _ipv6(buffer: U8, link: Link, captured_end: I64, wire_end: I64, into: Internet) -> None:
    chosen = np.flatnonzero((link.ethertype == IPV6) & (link.network + 40 <= captured_end))
    if not len(chosen):
        return
    header = rows(buffer, link.network[chosen], _IPV6)
    good = header["first"] >> 4 == 6
    chosen, header = chosen[good], header[good]
    into.version[chosen] = 6
    into.protocol[chosen] = header["protocol"]
    for name in ("source_high", "source_low", "target_high", "target_low"):
        getattr(into, name)[chosen] = header[name]
    into.transport[chosen] = link.network[chosen] + 40
    length = header["length"].astype(np.int64)
    # a length of 0 is a jumbogram (RFC 2675) or segmentation offload's
    into.end[chosen] = np.where(length == 0, wire_end[chosen], into.transport[chosen] + length)
    _extensions(buffer, chosen, captured_end, into)


def _extensions(buffer: U8, chosen: I64, captured_end: I64, into: Internet) -> None:
    """Step over the extension headers of the ``chosen`` packets; of a cut or endless chain the protocol becomes 0."""
    for _ in range(EXTENSION_HEADERS):
        chosen = chosen[_EXTENSIONS[into.protocol[chosen]] & (into.fragment[chosen] < 8)]
        if not len(chosen):
            return
        whole = into.transport[chosen] + 8 <= captured_end[chosen]
        into.protocol[chosen[~whole]] = 0
        chosen = chosen[whole]
        kind, at = into.protocol[chosen], into.transport[chosen]
        header = rows(buffer, at, _EXTENSION)
        units = header["length"].astype(np.int64)
        into.transport[chosen] += np.where(
            kind == FRAGMENT, 8, np.where(kind == _AUTHENTICATION, units * 4 + 8, units * 8 + 8)
        )
        into.protocol[chosen] = header["protocol"]
        fragments = kind == FRAGMENT
        into.fragment[chosen[fragments]] = header["fragment"][fragments] & 0xFFF9
        into.number[chosen[fragments]] = header["number"][fragments]
    into.protocol[chosen[_EXTENSIONS[into.protocol[chosen]]]] = 0
