# SPDX-License-Identifier: GPL-2.0-or-later
"""Link layers: where a frame's network header begins, of what type it is, and between which MAC addresses it went.

Link types as in https://www.tcpdump.org/linktypes.html.
"""

from typing import NamedTuple

import numpy as np

from appliance.capture.frames import I64, U8, U16, U64, Packets
from appliance.capture.walk import rows
from appliance.limits import VLAN_TAGS

IPV4, IPV6 = 0x0800, 0x86DD
#: The link types that are read here.
LINKS = frozenset({0, 1, 12, 14, 101, 108, 113, 228, 229, 276})
_VLAN = (0x8100, 0x88A8, 0x9100)  # 802.1Q, 802.1ad, and what stacked tags had before 802.1ad
_MAC = np.uint64(0xFFFF_FFFF_FFFF)


class Link(NamedTuple):
    """The link layer of a chunk: addresses, EtherType, and where in the buffer each network header begins."""

    source: U64
    target: U64
    ethertype: U16
    network: I64


def layout(size: int, **fields: tuple[str, int]) -> np.dtype[np.void]:
    """Return a layout of ``size`` bytes with fields of the given format and offset; they may overlap."""
    formats, offsets = zip(*fields.values(), strict=True)
    return np.dtype({"names": list(fields), "formats": formats, "offsets": offsets, "itemsize": size})


_ETHERNET = layout(16, target=(">u8", 0), source=(">u8", 4), ethertype=(">u2", 12))
_SLL = layout(16, kind=(">u2", 2), length=(">u2", 4), source=(">u8", 6), ethertype=(">u2", 14))
_SLL2 = layout(20, ethertype=(">u2", 0), kind=(">u2", 8), length=("u1", 11), source=(">u8", 12))
_TAG = layout(4, ethertype=(">u2", 2))


def link_layer(packets: Packets, buffer: U8) -> Link:
    """Read the link layer; ``buffer`` has room behind the last packet. EtherType 0: not known here, or cut."""
    match packets.link:
        case 1:
            return _tagged(packets, buffer, _ethernet(packets, buffer))
        case 113:
            return _tagged(packets, buffer, _cooked(packets, buffer, _SLL))
        case 276:
            return _tagged(packets, buffer, _cooked(packets, buffer, _SLL2))
        case 12 | 14 | 101 | 228 | 229:
            return _raw(packets, buffer, 0)
        case 0 | 108:
            return _raw(packets, buffer, 4)
        case _:
            none = np.zeros(len(packets.at), np.uint64)
            return Link(none, none, none.astype(np.uint16), packets.at)


def _ethernet(packets: Packets, buffer: U8) -> Link:
    header = rows(buffer, packets.at, _ETHERNET)
    whole = packets.captured >= 14
    return Link(
        (header["source"].astype(np.uint64) & _MAC) * whole,
        (header["target"].astype(np.uint64) >> np.uint64(16)) * whole,
        header["ethertype"] * whole,
        packets.at + 14,
    )


def _cooked(packets: Packets, buffer: U8, layout: np.dtype[np.void]) -> Link:
    """Read Linux's cooked headers, which hold the sender's address only."""
    header = rows(buffer, packets.at, layout)
    whole = packets.captured >= layout.itemsize
    source = (header["source"].astype(np.uint64) >> np.uint64(16)) * (whole & (header["length"] == 6))
    return Link(source, np.zeros_like(source), header["ethertype"] * whole, packets.at + layout.itemsize)


def _raw(packets: Packets, buffer: U8, skip: int) -> Link:
    """Read what begins with an IP header, or with ``skip`` bytes before it: its first four bits are the version."""
    none, network = np.zeros(len(packets.at), np.uint64), packets.at + skip
    version = (buffer[network] >> 4) * (packets.captured > skip)
    ethertype = np.where(version == 4, IPV4, np.where(version == 6, IPV6, 0)).astype(np.uint16)
    return Link(none, none, ethertype, network)


def _tagged(packets: Packets, buffer: U8, link: Link) -> Link:
    """Step over VLAN tags (IEEE 802.1Q, 802.1ad)."""
    for _ in range(VLAN_TAGS):
        tags = np.flatnonzero(
            (link.ethertype == _VLAN[0]) | (link.ethertype == _VLAN[1]) | (link.ethertype == _VLAN[2])
        )
        if not len(tags):
            break
        at = link.network[tags]
        whole = at + 4 <= packets.at[tags] + packets.captured[tags]
        link.ethertype[tags] = rows(buffer, at, _TAG)["ethertype"] * whole
        link.network[tags] = at + 4
    return link
