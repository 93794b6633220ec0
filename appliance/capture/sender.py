# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames out, where the appliance is a host of its network: by its bridge, or by a port with an address of its own."""

import socket
from ipaddress import IPv4Interface
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from appliance.capture.state import address_of

_NETWORKS = Path("/sys/class/net")


class Outlet(NamedTuple):
    """An interface by which this machine is a host of a network."""

    interface: str
    mac: str
    home: IPv4Interface  #: its address there, with the network's length


class Sender:
    """A socket that sends and never receives; needs CAP_NET_RAW to be made, and nothing afterwards."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)

    def outlet(self, port: str) -> Outlet | None:
        """Return by what to reach the network of a port: the bridge that it is of, or itself.

        None if that has no address: who has none is no host there, and a mirror port that has none can send nothing.
        """
        master = _NETWORKS / port / "master"
        interface = master.resolve().name if master.exists() else port
        found = address_of(self._socket.fileno(), interface)
        return found and Outlet(interface, *found)

    def send(self, outlet: Outlet, frame: bytes) -> None:
        """Send a frame. Raises OSError."""
        self._socket.sendto(frame, (outlet.interface, 0))

    def close(self) -> None:
        """Send no more."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
