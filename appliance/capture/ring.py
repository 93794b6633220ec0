# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames as they come in on one interface, by a ring of memory that the kernel fills (TPACKET_V3, packet_mmap.rst).

The kernel takes VLAN tags that the network card or the bridge would handle out of the frame: the outermost is missing.
"""

import mmap
import socket
from struct import pack, unpack
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np

from appliance.capture.assembler import Program, attach
from appliance.capture.bpf import everything
from appliance.capture.frames import I64, U8, U32, Packets
from appliance.capture.links import layout
from appliance.capture.state import state_of
from appliance.capture.streams import ROOM
from appliance.capture.walk import rows
from appliance.limits import DOWNSTREAM_BYTES, FRAME_BYTES, RING_BLOCK_BYTES, RING_BLOCKS, RING_RETIRE_MS

_SOL_PACKET = 263
_ADD_MEMBERSHIP, _RX_RING, _STATISTICS, _VERSION, _IGNORE_OUTGOING = 1, 5, 6, 10, 23
_TPACKET_V3, _PROMISCUOUS, _EVERY_PROTOCOL = 2, 1, 3
_SLOT_BYTES = 2048  # the kernel wants to know, and does not use it in version 3
_ETHERNET = 1
_OURS = 1  # TP_STATUS_USER: the block is the reader's

# struct tpacket_block_desc and tpacket3_hdr of linux/if_packet.h
_BLOCK = layout(48, status=("u4", 8), count=("u4", 12), first=("u4", 16), length=("u4", 20))
_FRAME = layout(48, second=("u4", 4), nano=("u4", 8), captured=("u4", 12), wire=("u4", 16), mac=("u2", 24))


class Drops(NamedTuple):
    """Frames that passed the filter since the last look, and how many of them found no room in the ring."""

    seen: int
    dropped: int


class Ring:
    """Frames that an interface receives, once each and never those it sends; needs CAP_NET_RAW to be made.

    ``bind`` says of which interface; no frame comes before. What it does afterwards needs no capability any more.
    ``blocks``: how much room there is for what was not read yet.
    """

    def __init__(self, program: Program, blocks: int = RING_BLOCKS) -> None:
        self._count = blocks
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)  # protocol 0: nothing comes yet
        try:
            self._memory = self._open(program)
        except BaseException:
            self._socket.close()
            raise
        self._bytes: U8 = np.frombuffer(self._memory, np.uint8)
        self._blocks = np.ndarray((blocks,), _BLOCK, self._memory, strides=(RING_BLOCK_BYTES,))
        self._next = 0

    def _open(self, program: Program) -> mmap.mmap:
        size = self._count * RING_BLOCK_BYTES
        frames = size // _SLOT_BYTES
        request = pack("7I", RING_BLOCK_BYTES, self._count, _SLOT_BYTES, frames, RING_RETIRE_MS, 0, 0)
        attach(self._socket, program)
        self._socket.setsockopt(_SOL_PACKET, _VERSION, _TPACKET_V3)
        self._socket.setsockopt(_SOL_PACKET, _IGNORE_OUTGOING, 1)
        self._socket.setsockopt(_SOL_PACKET, _RX_RING, request)
        return mmap.mmap(self._socket.fileno(), size)

    def bind(self, interface: str, *, promiscuous: bool = False) -> None:
        """Receive from an interface, also from another one of that name after it went away. Raises OSError without one.

        ``promiscuous``: also frames for others, as a mirror port brings them; ports of a bridge do so anyway.
        """
        self._socket.bind((interface, _EVERY_PROTOCOL))
        if promiscuous:
            index = state_of(self._socket.fileno(), interface).index
            self._socket.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, pack("iHH8s", index, _PROMISCUOUS, 0, b""))

    @property
    def interface(self) -> str:
        """The name of the interface that frames come from; empty before it is bound, and when the interface is gone."""
        return str(self._socket.getsockname()[0])

    def filter(self, program: Program) -> None:
        """Change the filter between two frames. Raises OSError if the kernel does not take it.

        Where it has no room for two filters (``net.core.optmem_max``), everything is kept between them; where it has
        none for this one, the headers of everything are kept from now on.
        """
        try:
            attach(self._socket, program)
        except OSError:
            attach(self._socket, everything(FRAME_BYTES))
            self._replace(program)

    def _replace(self, program: Program) -> None:
        try:
            attach(self._socket, program)
        except OSError:
            attach(self._socket, everything(DOWNSTREAM_BYTES))
            raise

    def read(self) -> Packets:
        """Return the frames of all blocks that the kernel handed over, maybe none; the kernel has its blocks back."""
        self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)  # an interface that went down would keep poll awake
        ready = self._ready()
        blocks = self._blocks[ready]  # a copy of their headers
        ends = np.cumsum(blocks["length"], dtype=np.int64)
        begins = ends - blocks["length"]
        buffer: U8 = np.empty(int(blocks["length"].sum()) + ROOM, np.uint8)
        for block, begin, end in zip(ready, begins.tolist(), ends.tolist(), strict=True):
            start = block * RING_BLOCK_BYTES
            buffer[begin:end] = self._bytes[start : start + end - begin]
            self._blocks["status"][block] = 0
        buffer[-ROOM:] = 0
        self._next = (self._next + len(ready)) % self._count
        return _packets(buffer, _frames(buffer, begins + blocks["first"], blocks["count"]))

    def _ready(self) -> list[int]:
        """Return the blocks that are ours, in the order in which they were filled."""
        ours = np.roll(self._blocks["status"] & _OURS, -self._next) != 0
        count = self._count if ours.all() else int(ours.argmin())
        return [(self._next + number) % self._count for number in range(count)]

    def drops(self) -> Drops:
        """Return the kernel's counts since the last call."""
        seen, dropped, _ = unpack("3I", self._socket.getsockopt(_SOL_PACKET, _STATISTICS, 12))
        return Drops(seen, dropped)

    def fileno(self) -> int:
        """Return the descriptor to poll: readable when a block was handed over."""
        return self._socket.fileno()

    def close(self) -> None:
        """Give the ring back; packets that were read stay."""
        del self._blocks, self._bytes
        self._memory.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _frames(buffer: U8, first: I64, count: U32) -> I64:
    """Return where the frames' headers begin: each says how far it is to the next one of its block.

    All of that are multiples of 8 bytes, so the numbers may be read from an array.
    """
    at: list[int] = []
    steps = buffer.view(np.uint32).data
    for begin, frames in zip((first // 4).tolist(), count.tolist(), strict=True):
        position = begin
        for _ in range(frames):
            at.append(position)
            position += steps[position] >> 2
    return np.array(at, np.int64) * 4


def _packets(buffer: U8, at: I64) -> Packets:
    header = rows(buffer, at, _FRAME)
    time = header["second"] * np.int64(1_000_000_000) + header["nano"]
    captured, wire = header["captured"].astype(np.int64), header["wire"].astype(np.int64)
    return Packets(buffer, at + header["mac"], captured, wire, time, _ETHERNET)
