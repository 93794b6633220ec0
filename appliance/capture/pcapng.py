# SPDX-License-Identifier: GPL-2.0-or-later
"""pcapng files (draft-ietf-opsawg-pcapng): sections of either byte order, many interfaces, blocks of many kinds."""

import re
from collections.abc import Generator
from itertools import pairwise
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from appliance.capture.damage import Damage
from appliance.capture.frames import I64, Packets
from appliance.capture.interfaces import Interface, comments, interface
from appliance.capture.streams import Window
from appliance.capture.walk import Chain, rows, walk
from appliance.limits import BLOCK_BYTES, INTERFACES, PACKET_BYTES, PACKETS_AT_ONCE

MAGIC = b"\x0a\x0d\x0d\x0a"
SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, PACKET = 0x0A0D0D0A, 1, 2, 3, 6
PACKET_HEADER, SIMPLE_HEADER, TRAILER = 28, 12, 4
# a packet block: its type, a length below 64 kB, an interface below 256, a time, two lengths below 64 kB
_SIGNS = {
    "<": re.compile(rb"\x06\0\0\0..\0\0.\0\0\0.{8}..\0\0..\0\0", re.DOTALL),
    ">": re.compile(rb"\0\0\0\x06\0\0..\0\0\0..{8}\0\0..\0\0..", re.DOTALL),
}
_SMALLEST = {SECTION: 28, INTERFACE: 20}
ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}

Blocks = NDArray[np.void]
PacketStream = Generator[Packets, None, int]


def _layout(order: str) -> np.dtype[np.void]:
    """Return how blocks begin, and packet blocks go on; an old packet block has a shorter interface number."""
    fields = {"kind": 0, "total": 4, "interface": 8, "high": 12, "low": 16, "captured": 20, "wire": 24}
    names, offsets = [*fields, "old_interface"], [*fields.values(), 8]
    formats = [order + "u4"] * len(fields) + [order + "u2"]
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": PACKET_HEADER})


class PcapNg:
    """Reads the packets of a window that stands at the begin of a pcapng file."""

    def __init__(self, window: Window) -> None:
        self.comments: tuple[str, ...] = ()  #: of the first section that has any
        self._window = window
        self._damage: Damage | None = None
        self._interfaces: list[Interface] = []
        self._time = 0  #: nanoseconds, of the last packet that had one
        self._order = "<"
        self._face(0)
        if self._whole(0):
            self._begin_section(0)

    def read(self) -> Generator[Packets, None, Damage | None]:
        """Yield the packets in order, in runs of one link type; return what is damaged at the end."""
        window, used = self._window, 0
        while True:
            used = yield from self._blocks(used)
            need = self._length(used)
            if self._damage:
                return self._damage
            if not window.slide(used, need):
                break
            used = 0
        if window.filled or window.trouble:
            return Damage(window.start, window.trouble or "the file ends in the middle of a block")
        return None

    def _blocks(self, used: int) -> PacketStream:
        """Yield the packets of the blocks that lie in the window as a whole; return where the next one begins."""
        window = self._window
        while True:
            self._face(used)
            at, end = walk(window.bytes, used, window.filled, Chain(self._order, 4, 0, 12, _SIGNS[self._order], 0))
            for first in range(0, len(at), PACKETS_AT_ONCE):
                batch = at[first : first + PACKETS_AT_ONCE]
                taken = yield from self._batch(batch)
                if taken < len(batch):
                    end = int(batch[taken])
                    break
            if self._damage or not self._turned(end):
                return end
            used = end

    def _batch(self, at: I64) -> PacketStream:
        """Yield the packets of these blocks; return how many were taken: not all at damage or another byte order."""
        blocks = rows(self._window.bytes, at, _layout(self._order))
        total = blocks["total"].astype(np.int64)
        trailer = rows(self._window.bytes, at + total - TRAILER, np.dtype([("total", self._order + "u4")]))["total"]
        broken = (total % 4 != 0) | (trailer != total) | (total < 12)
        special = np.flatnonzero((blocks["kind"] == SECTION) | (blocks["kind"] == INTERFACE) | broken)
        begin = 0
        for index in special.tolist():
            yield from self._packets(at[begin:index], blocks[begin:index])
            if self._damage or self._turned(int(at[index])):
                return index
            self._special(int(at[index]), broken=bool(broken[index]))
            if self._damage:
                return index
            begin = index + 1
        yield from self._packets(at[begin:], blocks[begin:])
        return len(at)

    def _special(self, at: int, *, broken: bool) -> None:
        """Take one block that is no packet: it describes something, or it is damaged."""
        kind, total = self._numbers(at)
        if broken or total < _SMALLEST.get(kind, 0):
            self._damage = Damage(self._window.start + at, "a block says two lengths, or an impossible one")
        elif kind == SECTION and self._window.bytes[at + 8 : at + 12].tobytes() not in ORDERS:
            self._damage = Damage(self._window.start + at, "a section in no known byte order")
        elif kind == SECTION:
            self._begin_section(at)
        elif len(self._interfaces) >= INTERFACES:
            self._damage = Damage(self._window.start + at, f"a section has more than {INTERFACES} interfaces")
        else:
            self._interfaces.append(interface(self._window.bytes[at : at + total].tobytes(), self._order))

    def _packets(self, at: I64, blocks: Blocks) -> Generator[Packets, None, None]:
        """Yield the packets among these blocks, which are all of one section and the same interfaces."""
        kind = blocks["kind"]
        chosen = (kind == PACKET) | (kind == OLD_PACKET) | (kind == SIMPLE_PACKET)
        if not chosen.all():
            at, blocks = at[chosen], blocks[chosen]
        number, captured, wire, head = self._measures(blocks)
        room = blocks["total"].astype(np.int64) - head - TRAILER
        bad = (number >= len(self._interfaces)) | (captured > room) | (captured > PACKET_BYTES) | (captured < 0)
        good = int(bad.argmax()) if bad.any() else len(at)
        begins, wire = at + head, np.maximum(wire, captured)
        time = self._times(blocks[:good], number[:good])
        links = np.array([each.link for each in self._interfaces], np.int64)[number[:good]]
        edges = [0, *(np.flatnonzero(np.diff(links)) + 1).tolist(), good]
        for begin, end in pairwise(edges):
            if begin < end:
                part, link = slice(begin, end), int(links[begin])
                yield Packets(self._window.bytes, begins[part], captured[part], wire[part], time[part], link)
        if good < len(at):
            self._damage = Damage(
                self._window.start + int(at[good]), "a packet that cannot be: too long, or of no interface"
            )

    def _measures(self, blocks: Blocks) -> tuple[I64, I64, I64, I64]:
        """Return each packet's interface, bytes captured, bytes on the wire, and bytes of block before it."""
        number, captured = blocks["interface"].astype(np.int64), blocks["captured"].astype(np.int64)
        wire, head = blocks["wire"].astype(np.int64), np.full(len(blocks), PACKET_HEADER)
        old, simple = blocks["kind"] == OLD_PACKET, blocks["kind"] == SIMPLE_PACKET
        number[old] = blocks["old_interface"][old]
        if simple.any():
            snap = (self._interfaces[0].snap if self._interfaces else 0) or PACKET_BYTES
            room = blocks["total"][simple].astype(np.int64) - SIMPLE_HEADER - TRAILER
            wire[simple], number[simple], head[simple] = number[simple], 0, SIMPLE_HEADER
            captured[simple] = np.minimum(np.minimum(wire[simple], snap), room)
        return number, captured, wire, head

    def _times(self, blocks: Blocks, number: I64) -> I64:
        """Return nanoseconds since the epoch; a simple packet has no time and takes that of the packet before it."""
        units = (blocks["high"].astype(np.uint64) << np.uint64(32)) | blocks["low"].astype(np.uint64)
        time = np.zeros(len(blocks), np.int64)
        for each in np.flatnonzero(np.bincount(number)).tolist():
            mine = slice(None) if len(self._interfaces) == 1 else number == each
            time[mine] = self._interfaces[each].nanoseconds(units[mine])
        known = blocks["kind"] != SIMPLE_PACKET
        if not known.all():
            before = np.maximum.accumulate(np.where(known, np.arange(len(time)), -1))
            time = np.where(before >= 0, time[before], self._time)
        if len(time):
            self._time = int(time[-1])
        return time

    def _begin_section(self, at: int) -> None:
        self._interfaces = []
        total = self._numbers(at)[1]
        if not self.comments:
            self.comments = comments(self._window.bytes[at : at + total].tobytes(), self._order)

    def _face(self, at: int) -> None:
        """Read in the byte order of the section that begins at ``at``, if one does."""
        if self._turned(at):
            self._order = {"<": ">", ">": "<"}[self._order]

    def _turned(self, at: int) -> bool:
        """Tell whether a section in the other byte order begins at ``at``."""
        begin = self._window.bytes[at : min(at + 12, self._window.filled)].tobytes()
        return begin.startswith(MAGIC) and ORDERS.get(begin[8:], self._order) != self._order

    def _numbers(self, at: int) -> tuple[int, int]:
        """Return kind and total length of the block at ``at``."""
        kind, total = Struct(self._order + "II").unpack_from(self._window.bytes.data, at)
        return int(kind), int(total)

    def _whole(self, at: int) -> bool:
        return self._window.filled >= at + 28 and 28 <= self._numbers(at)[1] <= self._window.filled - at

    def _length(self, at: int) -> int:
        """Return the length of the block at ``at``, of which a part is in the window; 0 if that is not known yet."""
        if at + 12 > self._window.filled:
            return 0
        total = self._numbers(at)[1]
        if 12 <= total <= BLOCK_BYTES:
            return total
        self._damage = self._damage or Damage(
            self._window.start + at, f"no block is where one should be (of {total} bytes)"
        )
        return 0
