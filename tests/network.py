# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks for tests: namespaces of the real kernel, gone when the test is over."""

import ctypes
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

_NEW_NETWORK = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
_numbers = count()
_PATIENCE_S = 10


class Namespace:
    """A network namespace; whatever is inside goes with it."""

    def __init__(self) -> None:
        self.name = f"ew-{os.getpid()}-{next(_numbers)}"
        made = subprocess.run(["ip", "netns", "add", self.name], capture_output=True, text=True, check=False)
        if made.returncode:
            pytest.skip(f"network namespaces are not allowed here: {made.stderr.strip()}")
        self.run("sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1")

    def run(self, command: str) -> str:
        """Run a command inside; return what it says."""
        inside = ["ip", "netns", "exec", self.name, *command.split()]
        return subprocess.run(inside, check=True, capture_output=True, text=True).stdout

    def until(self, command: str, says: str) -> None:
        """Run a command until it says something."""
        end = time.monotonic() + _PATIENCE_S
        while says not in (said := self.run(command)):
            if time.monotonic() > end:
                pytest.fail(f"{command}: {said}")

    def has(self, path: str) -> bool:
        """Say whether a file is there for those inside, such as a setting in /proc/sys/net."""
        return subprocess.run(["ip", "netns", "exec", self.name, "test", "-e", path], check=False).returncode == 0

    def wire(self, left: str, right: str, peer: "Namespace | None" = None) -> None:
        """Lay a wire (veth), both of its ends up; the right end in another namespace, if one is given."""
        other = peer or self
        self.run(f"ip link add {left} type veth peer name {right} netns {other.name}")
        self.run(f"ip link set {left} up")
        other.run(f"ip link set {right} up")
        self.until(f"ip -br link show {left}", " UP ")
        other.until(f"ip -br link show {right}", " UP ")

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be inside with this thread; sockets made here stay here."""
        with Path("/proc/thread-self/ns/net").open() as home, Path("/run/netns", self.name).open() as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(home.fileno())

    def plug(self, interface: str) -> socket.socket:
        """Return a socket that sends frames over an interface and receives what comes in there."""
        with self.inside():
            plug = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        plug.bind((interface, 3))
        return plug

    def close(self) -> None:
        """Take it away."""
        subprocess.run(["ip", "netns", "del", self.name], check=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _enter(namespace: int) -> None:
    if _libc.setns(namespace, _NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")
