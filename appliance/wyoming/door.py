# SPDX-License-Identifier: GPL-2.0-or-later
"""Where voice satellites come in: one listening socket a port, and none but those of the settings get further.

Wyoming knows no passwords: whoever has the address of the settings is believed. Nothing is ever sent back.
"""

import socket
from collections.abc import Collection, Iterator
from contextlib import suppress
from ipaddress import IPv6Address, ip_address

from appliance.limits import WYOMING_AT_ONCE_BYTES, WYOMING_KEEPALIVE_S, WYOMING_WAITING
from appliance.settings import WyomingSettings


class Door:
    """Gives what came, by the name of the satellite; a connection that comes anew takes the place of the one before."""

    def __init__(self, satellites: Collection[WyomingSettings]) -> None:
        """Listen for ``satellites``; on a port that cannot be had it is tried again with each look (``problem``)."""
        self.problem = ""  #: why nobody can come in, in words
        self.turned_away = 0  #: connections of others
        self._names = {(str(each.host), each.port): each.name for each in satellites}
        self._listening: dict[int, socket.socket] = {}
        self._inside: dict[str, socket.socket] = {}

    def look(self) -> Iterator[tuple[str, bytes | None]]:
        """Yield who came (empty bytes), what each said since the last look, and who left (None)."""
        self._open()
        for port, listening in self._listening.items():
            for name, connection in self._arrivals(port, listening):
                yield from self.turn_out(name)
                self._inside[name] = connection
                yield name, b""
        for name, connection in list(self._inside.items()):
            raw = _said(connection)
            if raw:
                yield name, raw
            elif raw is not None:
                yield from self.turn_out(name)

    def turn_out(self, name: str) -> Iterator[tuple[str, None]]:
        """End a satellite's connection, if it has one."""
        connection = self._inside.pop(name, None)
        if connection is not None:
            connection.close()
            yield name, None

    def close(self) -> None:
        """Close everything."""
        for each in (*self._inside.values(), *self._listening.values()):
            each.close()
        self._inside.clear()
        self._listening.clear()

    def _open(self) -> None:
        self.problem = ""
        for port in {port for _, port in self._names} - self._listening.keys():
            try:
                self._listening[port] = _listener(port)
            except OSError as error:
                self.problem = f"port {port} cannot be had: {error.strerror}"

    def _arrivals(self, port: int, listening: socket.socket) -> Iterator[tuple[str, socket.socket]]:
        for _ in range(WYOMING_WAITING):
            try:
                connection, address = listening.accept()
            except OSError:  # nobody, or somebody who left already
                return
            name = self._names.get((_plain(address[0]), port))
            if name is None:
                self.turned_away += 1
                connection.close()
                continue
            connection.settimeout(0)
            _keep_alive(connection)
            yield name, connection


def _listener(port: int) -> socket.socket:
    dual = socket.has_dualstack_ipv6()
    family, everywhere = (socket.AF_INET6, "::") if dual else (socket.AF_INET, "")
    listening = socket.create_server((everywhere, port), family=family, backlog=WYOMING_WAITING, dualstack_ipv6=dual)
    listening.settimeout(0)
    return listening


def _plain(host: str) -> str:
    """Return an address as the settings have it."""
    address = ip_address(host.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _keep_alive(connection: socket.socket) -> None:
    """Have the kernel ask whether the other side is still there: a satellite says nothing for days if nobody calls."""
    tcp = {socket.TCP_KEEPIDLE: WYOMING_KEEPALIVE_S, socket.TCP_KEEPINTVL: WYOMING_KEEPALIVE_S, socket.TCP_KEEPCNT: 3}
    with suppress(OSError):  # it may be gone already, which the next look finds
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in tcp.items():
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


def _said(connection: socket.socket) -> bytes | None:
    """Return what came, nothing if the other side left, None if there is nothing yet."""
    try:
        return connection.recv(WYOMING_AT_ONCE_BYTES)
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:  # it was torn down
        return b""
