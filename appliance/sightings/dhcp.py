# SPDX-License-Identifier: GPL-2.0-or-later
"""What a DHCP client shows of itself (RFC 2132): the options it sends, and which it asks for in what order."""

from collections.abc import Iterator

from scapy.layers.dhcp import BOOTP, DHCP, DHCPOptions
from scapy.packet import Packet

from appliance.events import SightingKind

#: scapy names the options it knows and numbers the others
_NUMBERS = {getattr(option, "name", option): number for number, option in DHCPOptions.items()}
_HOSTNAME, _PARAMETERS, _VENDOR = 12, 55, 60


def dhcp_sightings(packet: Packet, device: str) -> Iterator[tuple[SightingKind, bytes | str]]:
    """Yield what the request in ``packet`` shows, if ``device`` sent it for itself and not for another (a relay)."""
    request = packet[BOOTP]
    hardware = request.chaddr[:6].hex(":")
    if request.op != 1 or (":" in device and hardware != device and device.count(":") == 5):
        return
    for option in packet[DHCP].options:
        if isinstance(option, tuple) and len(option) >= 2:
            number = option[0] if isinstance(option[0], int) else _NUMBERS.get(option[0], 0)
            yield from _option(number, option[1])


def _option(number: int, value: object) -> Iterator[tuple[SightingKind, bytes | str]]:
    if number == _HOSTNAME and isinstance(value, bytes):
        yield SightingKind.DHCP_HOSTNAME, value.rstrip(b"\0")
    elif number == _VENDOR and isinstance(value, bytes):
        yield SightingKind.DHCP_VENDOR, value.rstrip(b"\0")
    elif number == _PARAMETERS and isinstance(value, list):
        yield SightingKind.DHCP_PARAMETERS, ",".join(map(str, value))
    else:
        yield SightingKind.DHCP_OPTION, str(number)
