# SPDX-License-Identifier: GPL-2.0-or-later
"""What placing needs to know of a machine before it changes anything: read once, kept with what was changed."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Backend(StrEnum):
    """Who looks after the network."""

    NETWORKD = "networkd"
    NETWORKMANAGER = "networkmanager"
    IFUPDOWN = "ifupdown"

    @property
    def unit(self) -> str:
        """The systemd unit that brings the network up."""
        return {"networkd": "systemd-networkd", "networkmanager": "NetworkManager", "ifupdown": "networking"}[
            self.value
        ] + ".service"


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Port(_Data):
    """One network interface."""

    name: str
    mac: str = "00:00:00:00:00:00"
    mtu: int = 1500
    hardware: bool = True  #: a device that one can plug a cable into, or a radio
    wireless: bool = False
    carrier: bool = False
    master: str | None = None  #: the bridge that it is a port of
    families: tuple[str, ...] = ()  #: inet, inet6: of which it has addresses that others can reach
    merges: tuple[str, ...] = ()  #: the offloads that join frames and are on: gro, lro

    @property
    def addressed(self) -> bool:
        """Whether others can reach this machine by it."""
        return bool(self.families)


class Seen(_Data):
    """A machine at one moment."""

    ports: tuple[Port, ...]
    bridges: tuple[str, ...] = ()  #: those that there are
    way_in: tuple[str, ...] = ()  #: interfaces with a default route
    backend: Backend | None = None
    unknown: str = ""  #: why it is not known who looks after the network, and what to do
    #: How the uplink gets its addresses, as the backend has it: sections of a file, or whole files by their path.
    addressing: dict[str, str] = {}
    connection: str = ""  #: NetworkManager's identifier of the connection that is in force
    filters: dict[str, int] = {}  #: net.bridge.*, where frames that pass a bridge may go through a firewall
    settings: str = ""  #: the settings file
    clients: tuple[str, ...] = ()  #: radios that a service of their own keeps in a Wi-Fi (wpa_supplicant@wlan0)
    programs: tuple[str, ...] = ()  #: those of ethtool and hostapd that are there

    def port(self, name: str) -> Port | None:
        """Return a port; None if it is not there."""
        return next((port for port in self.ports if port.name == name), None)

    def uplink(self, wired: Sequence[Port]) -> Port:
        """Return the port whose address a bridge takes over: the machine's way in, else one that is connected."""
        rank = {port.name: (port.name in self.way_in, port.addressed, port.carrier) for port in wired}
        return max(wired, key=lambda port: rank[port.name])
