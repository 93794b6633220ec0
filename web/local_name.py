# SPDX-License-Identifier: GPL-2.0-or-later
"""Lets this machine be earwitness.local beside its own name, as long as no other in the home is.

avahi, which announces the machine's own name, announces this one too, and looks first whether somebody has it (its API
by D-Bus: avahi-daemon/org.freedesktop.Avahi.*.xml in its sources). What is announced goes with the connection, so with
the hub.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from socket import AF_INET, SOCK_DGRAM, socket
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, MessageFlag, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from appliance.limits import NAME_AGAIN_S, NAME_LOOK_S, NAME_REPLY_S
from appliance.serve import NOTICE, say

NAME = "earwitness.local"
_AVAHI = "org.freedesktop.Avahi"
_SERVER = DBusAddress("/", bus_name=_AVAHI, interface=f"{_AVAHI}.Server")
_ANYWHERE, _NO_REVERSE = -1, 16  # AVAHI_IF_UNSPEC and AVAHI_PROTO_UNSPEC; AVAHI_PUBLISH_NO_REVERSE
_IPV4, _NO_WISHES = 0, 0  # AVAHI_PROTO_INET; AvahiLookupFlags
_ESTABLISHED, _COLLISION = 2, 3  # AvahiEntryGroupState
_PROBLEMS = (OSError, ValueError, DBusErrorResponse)


def own_address() -> str | None:
    """Return the private IPv4 address from which this machine speaks to its router; None without. Nothing is sent."""
    with socket(AF_INET, SOCK_DGRAM) as plug, suppress(OSError):
        plug.connect(("192.0.2.1", 9))  # RFC 5737: in no network
        address = str(plug.getsockname()[0])
        return address if ip_address(address).is_private else None
    return None


def leads_to() -> str | None:
    """Return the IPv4 address to which the name leads in this home; None if nobody has it, or avahi is not there."""
    with suppress(*_PROBLEMS), open_dbus_connection("SYSTEM") as bus:
        wanted = (_ANYWHERE, _ANYWHERE, NAME, _IPV4, _NO_WISHES)
        return str(_ask(bus, _SERVER, "ResolveHostName", "iisiu", wanted)[4])
    return None


class LocalName:
    """The name, while it is this machine's."""

    def __init__(self, address: Callable[[], str | None] = own_address) -> None:
        """Take what says the machine's address."""
        self._address = address
        self._bus: DBusConnection | None = None
        self._group: DBusAddress | None = None
        self._told: str | None = None  # the address that is announced
        self._said = ""

    def run(self) -> None:
        """Keep it announced; in a thread of its own, as long as the process lives."""
        while True:
            time.sleep(self.step())

    def step(self) -> float:
        """Announce it, anew at another address; return after how many seconds to look again."""
        try:
            return self._look(self._address())
        except _PROBLEMS as error:
            self.close()
            self._say(f"{NAME} is not announced: {error}")
            return NAME_LOOK_S

    def close(self) -> None:
        """Let it go: avahi says so in the home."""
        if self._bus:
            self._bus.close()
        self._bus = self._group = self._told = None

    def _look(self, address: str | None) -> float:
        if address != self._told:
            self.close()
        if address is None:
            return NAME_LOOK_S
        if self._bus is None:
            self._bus, self._told = open_dbus_connection("SYSTEM"), address
        if self._group is None:
            if _ask(self._bus, _SERVER, "GetHostNameFqdn") == (NAME,):  # it is called so anyway
                return NAME_LOOK_S
            self._group = _announce(self._bus, address)
        (state,) = _ask(self._bus, self._group, "GetState")
        if state == _COLLISION:
            self.close()
            if (other := leads_to()) is None:  # nobody: avahi errs while addresses come and go (its issues 117 and 193)
                return NAME_LOOK_S
            self._say(f"{other} is {NAME} in this home, so this machine is not")
            return NAME_AGAIN_S
        if state == _ESTABLISHED:
            self._say(f"This machine is {NAME}, too")
        return NAME_LOOK_S

    def _say(self, words: str) -> None:
        """Write to the journal what is new of it."""
        if words != self._said:
            self._said = words
            say(NOTICE, words)


def _announce(bus: DBusConnection, address: str) -> DBusAddress:
    """Have the name announced at an address; return the group of records that says how that goes."""
    (path,) = _ask(bus, _SERVER, "EntryGroupNew")
    group = DBusAddress(path, bus_name=_AVAHI, interface=f"{_AVAHI}.EntryGroup")
    _ask(bus, group, "AddAddress", "iiuss", (_ANYWHERE, _ANYWHERE, _NO_REVERSE, NAME, address))
    _ask(bus, group, "Commit")
    return group


def _ask(
    bus: DBusConnection, whom: DBusAddress, what: str, kinds: str | None = None, values: tuple[object, ...] = ()
) -> tuple[Any, ...]:
    """Call a method of avahi's and return what it answers; an avahi that does not run is not started for it."""
    call = new_method_call(whom, what, kinds, values)
    call.header.flags |= MessageFlag.no_auto_start
    return tuple(unwrap_msg(bus.send_and_get_reply(call, timeout=NAME_REPLY_S)))
