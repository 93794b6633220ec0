# SPDX-License-Identifier: GPL-2.0-or-later
"""Which side of each frame is the house: whole columns at once.

A frame goes up if its source is of the house and its target is not. Addresses of the house are the private ones
(RFC 1918, shared 100.64/10 of RFC 6598, link-local, unique local of RFC 4193). With IPv6 both sides can be global: then
the frame leaves through the gateway's MAC address, known from frames that certainly come from outside; until one was
seen, the side with the lower port is the service, that is remote, in either direction of the flow.
"""

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance import limits
from appliance.capture.frames import U64, Frames

COOKED = frozenset({113, 276})  #: Linux SLL and SLL2: frames have no target's MAC address

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

# What an address is: somewhere in the world, of the house, of the house and never routed, a group of receivers.
_GLOBAL, _LOCAL, _LINK, _MANY = 0, 1, 2, 3


def _kinds() -> NDArray[np.uint8]:
    """Return the kind of each address by its first 16 bits: IPv4 in the first half of the table, IPv6 in the second."""
    table = np.full(2 << 16, _GLOBAL, np.uint8)
    for first, last, kind in (
        (0x0000, 0x00FF, _LOCAL),  # 0/8: a device that has no address yet
        (0x0A00, 0x0AFF, _LOCAL),  # 10/8
        (0x6440, 0x647F, _LOCAL),  # 100.64/10
        (0x7F00, 0x7FFF, _LOCAL),  # 127/8
        (0xA9FE, 0xA9FE, _LOCAL),  # 169.254/16
        (0xAC10, 0xAC1F, _LOCAL),  # 172.16/12
        (0xC0A8, 0xC0A8, _LOCAL),  # 192.168/16
        (0xE000, 0xEFFF, _MANY),  # 224/4
        (0xFFFF, 0xFFFF, _MANY),  # broadcast
        (0x10000, 0x10000, _LINK),  # ::, no address yet
        (0x1FC00, 0x1FDFF, _LOCAL),  # fc00::/7
        (0x1FE80, 0x1FEBF, _LINK),  # fe80::/10
        (0x1FF00, 0x1FFFF, _MANY),  # ff00::/8
    ):
        table[first : last + 1] = kind
    return table


_KINDS = _kinds()


def _kind(version: NDArray[np.uint8], high: U64, low: U64) -> NDArray[np.uint8]:
    """Return the kind of each address."""
    first = np.where(
        version == 6, (high >> np.uint64(48)) | np.uint64(0x10000), (low >> np.uint64(16)) & np.uint64(0xFFFF)
    )
    return _KINDS[first.view(np.int64)]


@dataclass(frozen=True, slots=True)
class Sides:
    """For each frame of a chunk: does it leave the house, or come in? Talk within the house does neither."""

    up: Mask
    down: Mask
    home: Mask  #: a device of the house sent it, to whomever


class Directions:
    """Finds the direction of each frame, and learns for IPv6 which MAC addresses the world speaks through."""

    def __init__(self) -> None:
        self._gateways: dict[int, int] = {}  # MAC address, since which frame

    def feed(self, frames: Frames, first: int) -> Sides:
        """Take a chunk whose first frame has the number ``first``."""
        source = _kind(frames.version, frames.source_high, frames.source_low)
        target = _kind(frames.version, frames.target_high, frames.target_low)
        known = frames.version != 0
        up = (source == _LOCAL) & (target == _GLOBAL) & known
        down = (source == _GLOBAL) & (target == _LOCAL) & known
        self._learn(frames, down & (frames.version == 4), first)
        both_global = (source == _GLOBAL) & (target == _GLOBAL) & known
        neighbours = (
            both_global & (frames.version == 6) & (frames.source_high == frames.target_high)
        )  # RFC 4291: a link
        both = np.flatnonzero(both_global & ~neighbours)
        if len(both):
            up[both], down[both] = self._between_global(frames, both, first)
        near = (source == _LOCAL) | (source == _LINK) | (target == _LINK)
        home = up | neighbours | (near & known) | ((target == _MANY) & (frames.version == 6))
        return Sides(up, down, home)

    def _learn(self, frames: Frames, down: Mask, first: int) -> None:
        """Note through whom frames come that certainly come from outside: IPv4 has no global addresses at home."""
        strange = down & (frames.source != 0)
        for mac in self._gateways:
            strange &= frames.source != mac
        while len(self._gateways) < limits.GATEWAYS and strange.any():
            row = int(strange.argmax())
            self._gateways[int(frames.source[row])] = first + row
            strange &= frames.source != frames.source[row]

    def _between_global(self, frames: Frames, rows: Rows, first: int) -> tuple[Mask, Mask]:
        """Say which frames between global addresses go up, and which down: by the gateway, or else by the ports."""
        up = frames.target_port[rows] < frames.source_port[rows]
        down = frames.target_port[rows] > frames.source_port[rows]
        for mac, since in self._gateways.items():
            later = first + rows >= since
            leaves, enters = later & (frames.target[rows] == mac), later & (frames.source[rows] == mac)
            up, down = (up | leaves) & ~enters, (down | enters) & ~leaves
        return up, down


_ODD = np.frombuffer(os.urandom(7 * 8), np.uint64) | np.uint64(1)


def mix(*columns: NDArray[np.unsignedinteger]) -> U64:
    """Hash rows of columns to 64 bits, by multipliers that nobody outside can guess."""
    total = np.zeros(len(columns[0]), np.uint64)
    for column, odd in zip(columns, _ODD, strict=False):
        total += column.astype(np.uint64, copy=False) * odd
    mixed: U64 = (total ^ (total >> np.uint64(29))) * _ODD[-1]
    return mixed


def flow_hash(frames: Frames, rows: Rows, *, up: bool) -> U64:
    """Return a 64-bit key of the flow of each of ``rows``, which all go up, or all down; the same for both."""
    near = (frames.source, frames.source_high, frames.source_low, frames.source_port)
    far = (frames.target, frames.target_high, frames.target_low, frames.target_port)
    (device, high, low, port), (_, remote_high, remote_low, remote_port) = (near, far) if up else (far, near)
    owner = device[rows]
    if frames.packets.link in COOKED:
        owner = mix(high[rows], low[rows])
    elif not owner.all():  # no MAC address: the device is its IP address
        owner = np.where(owner == 0, mix(high[rows], low[rows]), owner)
    transport = port[rows].astype(np.uint64) << np.uint64(24) | remote_port[rows].astype(np.uint64) << np.uint64(8)
    return mix(owner, remote_high[rows], remote_low[rows], transport | frames.protocol[rows])
