# SPDX-License-Identifier: GPL-2.0-or-later
"""Loops of cables: a frame of ours that goes out by one port of the bridge and comes in by another.

Then both are joined outside, too, and frames would go round for ever. Until that way is gone the two are isolated from
each other (bridge(8)): their links stay up, nobody's settings are touched, and this machine is still reached by both.
"""

import ctypes
import os
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from appliance.limits import LOOP_CALM_S, LOOP_PROBE_S

#: IEEE Std 802, local experimental EtherType 1: no switch makes anything of it.
ETHERTYPE = 0x88B5
_EVERYBODY = b"\xff" * 6
_ALL_PROTOCOLS, _OUTGOING, _ATTACH_FILTER = 3, 4, 26  # linux/if_ether.h, linux/if_packet.h, asm-generic/socket.h
#: Classic BPF: is the EtherType ours? A port of a bridge shows nothing to a socket that is bound to one protocol.
_FILTER = b"".join(
    struct.pack("=HBBI", *line)
    for line in ((0x28, 0, 0, 12), (0x15, 0, 1, ETHERTYPE), (0x06, 0, 0, 64), (0x06, 0, 0, 0))
)


class Loops:
    """Which ports have to be parted from the first; takes its time from whoever feeds it, in seconds."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def feed(self, time: float, came_back: Iterable[str]) -> set[str]:
        """Return the ports that have to be parted from the first, after our frame came back by some of them."""
        self._seen |= dict.fromkeys(came_back, time)
        self._seen = {port: last for port, last in self._seen.items() if time - last < LOOP_CALM_S}
        return set(self._seen)


def watch(bridge: str, ports: Sequence[str]) -> None:
    """Send a frame every few seconds by the first port, and part it from those by which it comes back; for ever."""
    loops, token = Loops(), os.urandom(16)
    while True:
        began = time.monotonic()
        came_back = probe(ports, token) if _is_bridge(bridge) else set[str]()
        shut = loops.feed(time.monotonic(), came_back)
        for port in ports:
            part(port, parted=port in shut or (port == ports[0] and bool(shut)))
        time.sleep(max(LOOP_PROBE_S - (time.monotonic() - began), 0))


def probe(ports: Sequence[str], token: bytes, patience: float = LOOP_PROBE_S) -> set[str]:
    """Send one frame by the first port; return the others by which it came in within some seconds."""
    frame = _EVERYBODY + _mac(ports[0]) + struct.pack("!H", ETHERTYPE) + b"earwitness" + token
    frame = frame.ljust(60, b"\0")
    came_back: set[str] = set()
    plugs: dict[int, tuple[socket.socket, str]] = {}
    try:
        for port in ports:
            with suppress(OSError):  # it is not plugged in
                plug = _plug(port)
                plugs[plug.fileno()] = plug, port
        first = next((plug for plug, port in plugs.values() if port == ports[0]), None)
        if first is not None:
            with suppress(OSError):
                first.send(frame)
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            for ready in select.select(list(plugs), [], [], left)[0]:
                plug, port = plugs[ready]
                if _is_ours(plug, frame) and port != ports[0]:
                    came_back.add(port)
                    end = min(end, time.monotonic())
    finally:
        for plug, _ in plugs.values():
            plug.close()
    return came_back


def _is_ours(plug: socket.socket, frame: bytes) -> bool:
    try:
        got, address = plug.recvfrom(64)
    except OSError:
        return False
    return got[: len(frame)] == frame and address[2] != _OUTGOING


def _plug(port: str) -> socket.socket:
    """Return a socket that gets the frames of our EtherType, before the bridge does."""
    plug = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    program = ctypes.create_string_buffer(_FILTER, len(_FILTER))
    plug.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("HP", len(_FILTER) // 8, ctypes.addressof(program)))
    try:
        plug.bind((port, _ALL_PROTOCOLS))
    except OSError:
        plug.close()
        raise
    plug.setblocking(False)  # noqa: FBT003 - socket's own signature
    return plug


def part(port: str, *, parted: bool) -> None:
    """Isolate a port of a bridge from others that are, or join it to them again; say so if that is new."""
    if is_parted(port) in {parted, None}:
        return
    words = ["bridge", "link", "set", "dev", port, "isolated", "on" if parted else "off"]
    done = subprocess.run(words, check=False, capture_output=True, text=True)  # noqa: S603 - our own words, no shell
    what = "isolated: cables make a loop" if parted else "open again"
    sys.stderr.write(f"{port} is {what}. {done.stderr}\n")


def is_parted(port: str) -> bool | None:
    """Say whether a port of a bridge is isolated from others that are; None if it is no port of a bridge."""
    try:
        return Path("/sys/class/net", port, "brport/isolated").read_text(encoding="ascii").strip() == "1"
    except OSError:
        return None


def _is_bridge(name: str) -> bool:
    return Path("/sys/class/net", name, "bridge").exists()


def _mac(port: str) -> bytes:
    with suppress(OSError, ValueError):
        return bytes.fromhex(
            Path("/sys/class/net", port, "address").read_text(encoding="ascii").strip().replace(":", "")
        )
    return b"\x02" + b"\0" * 5
