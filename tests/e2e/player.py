# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays captures on real wires: at their own speed, at a multiple of it, or as fast as the machine can.

    python -m tests.e2e.player CAPTURE house0 [world0 --gateway 02:00:00:00:00:01] [--speed 10] [--loops 100]

Frames from a gateway go out by the world's wire, all others by the house's; without a world all go by the one wire.
The headers of sendmmsg(2) are built in numpy for a whole chunk; Python touches no frame.
"""

import ctypes
import errno
import os
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Self

import click
import numpy as np

from appliance.capture import Packets, open_capture, parse
from appliance.capture.frames import I64

_libc = ctypes.CDLL(None, use_errno=True)
_AT_ONCE = 1024  # UIO_MAXIOV: more in one call is not sent
_FULL = (errno.ENOBUFS, errno.EAGAIN)
_IOVEC = np.dtype([("base", "u8"), ("length", "u8")])
_MESSAGE = np.dtype(  # struct mmsghdr on 64-bit machines
    {"names": ["iovec", "count"], "formats": ["u8", "u8"], "offsets": [16, 24], "itemsize": 64}
)


@dataclass
class Played:
    """What went out."""

    frames: int = 0
    bytes: int = 0
    refused: int = 0  #: frames too long for their interface
    begin: int = 0  #: ns of CLOCK_BOOTTIME at which the first frame was due
    seconds: float = 0.0
    late: float = 0.0  #: seconds by which a frame went out after it was due, at most


class Wire:
    """One interface to send by; it is looked for in the network namespace in which the thread is now."""

    def __init__(self, interface: str) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._socket.bind((interface, 0))

    def send(self, address: int, count: int) -> int:
        """Send ``count`` messages that lie at an address; return how many went, 0 if the next one is refused."""
        while True:
            sent = int(_libc.sendmmsg(self._socket.fileno(), ctypes.c_void_p(address), min(count, _AT_ONCE), 0))
            if sent > 0:
                return sent
            if ctypes.get_errno() == errno.EMSGSIZE:
                return 0
            if ctypes.get_errno() not in _FULL:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            time.sleep(0.0001)

    def close(self) -> None:
        """Send no more."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass
class Chunk:
    """Frames ready to go: may be played again and again."""

    packets: Packets
    side: I64  #: by which wire each goes
    _iovecs: np.ndarray[tuple[int], np.dtype[np.void]] = field(init=False)
    _messages: np.ndarray[tuple[int], np.dtype[np.void]] = field(init=False)

    def __post_init__(self) -> None:
        if self.packets.link != 1:
            raise ValueError(f"only Ethernet can be played, not link type {self.packets.link}")
        count = len(self.packets.at)
        self._iovecs, self._messages = np.zeros(count, _IOVEC), np.zeros(count, _MESSAGE)
        self._iovecs["base"] = self.packets.buffer.ctypes.data + self.packets.at
        self._iovecs["length"] = self.packets.captured
        self._messages["iovec"] = self._iovecs.ctypes.data + np.arange(count) * _IOVEC.itemsize
        self._messages["count"] = 1
        self._turns = [*(np.flatnonzero(np.diff(self.side)) + 1).tolist(), count]  # where the other wire's begin

    def send(self, wires: Sequence[Wire], first: int, end: int, played: Played) -> None:
        """Send the frames from ``first`` to before ``end``, in order."""
        while first < end:
            turn = self._turns[int(np.searchsorted(self._turns, first, side="right"))]
            address = self._messages.ctypes.data + first * _MESSAGE.itemsize
            sent = wires[int(self.side[first])].send(address, min(turn, end) - first)
            played.frames += sent
            played.bytes += int(self.packets.captured[first : first + sent].sum())
            played.refused += not sent
            first += max(sent, 1)


def chunks(capture: Path, gateways: Iterable[int] = ()) -> Iterable[Chunk]:
    """Read a capture; frames from gateways (MAC addresses) go by the second wire."""
    world = np.array(sorted(gateways), np.uint64)
    with open_capture(capture) as packets_of:
        for packets in packets_of:
            yield Chunk(packets, np.isin(parse(packets).source, world).astype(np.int64))


def play(chunks: Iterable[Chunk], wires: Sequence[Wire], speed: float = inf, begin: int | None = None) -> Played:
    """Play chunks, at ``speed`` times the speed of the capture; infinity is as fast as it goes.

    ``begin`` is when the first frame is due, in ns of CLOCK_BOOTTIME; None is now.
    """
    played = Played(begin=time.clock_gettime_ns(time.CLOCK_BOOTTIME) if begin is None else begin)
    first: int | None = None
    for chunk in chunks:
        first = int(chunk.packets.time[0]) if first is None else first
        if speed == inf:
            chunk.send(wires, 0, len(chunk.side), played)
        else:
            _paced(chunk, wires, (np.maximum.accumulate(chunk.packets.time) - first) / speed, played)
    played.seconds = _since(played) / 1e9
    return played


def _paced(
    chunk: Chunk, wires: Sequence[Wire], due: np.ndarray[tuple[int], np.dtype[np.float64]], played: Played
) -> None:
    """Send each frame when it is due, in ns after the begin."""
    done = 0
    while done < len(due):
        now = _since(played)
        ready = int(np.searchsorted(due, now, side="right"))
        if ready > done:
            chunk.send(wires, done, ready, played)
            played.late = max(played.late, (_since(played) - due[done]) / 1e9)
            done = ready
        else:
            time.sleep((due[done] - now) / 1e9)


def _since(played: Played) -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - played.begin


@click.command()
@click.argument("capture", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("interfaces", nargs=-1, required=True)
@click.option("--gateway", "gateways", multiple=True, help="MAC address of what is on the world's side.")
@click.option("--speed", type=float, default=inf, help="Times the capture's own speed.")
@click.option("--loops", type=int, default=1, help="How often to play it.")
def main(capture: Path, interfaces: Sequence[str], gateways: Sequence[str], speed: float, loops: int) -> None:
    """Play CAPTURE on INTERFACES: the house's, and the world's."""
    loaded = list(chunks(capture, [int(mac.replace(":", ""), 16) for mac in gateways]))
    wires = [Wire(interface) for interface in interfaces]
    for _ in range(loops):
        click.echo(play(loaded, wires, speed))


if __name__ == "__main__":
    main()
