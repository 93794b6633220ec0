# SPDX-License-Identifier: GPL-2.0-or-later
"""One frame taken apart by scapy; imported only when the first frame comes, for scapy takes 0.4 s and 40 MB to load."""

import logging

from scapy.layers.dhcp import DHCP
from scapy.layers.dns import DNS
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6, IPv46
from scapy.layers.l2 import CookedLinux, CookedLinuxV2, Ether
from scapy.packet import Packet

from appliance.events import Glimpse
from appliance.limits import SIGHTING_FRAME_BYTES
from appliance.sightings.dhcp import dhcp_sightings
from appliance.sightings.headers import http_sightings, ssdp_sightings
from appliance.sightings.mdns import Announcement, mdns_announcement

logging.getLogger("scapy").setLevel(logging.CRITICAL)  # it warns of hostile packets, which are no news here

_LINKS: dict[int, type[Packet]] = {
    1: Ether,
    12: IPv46,
    101: IPv46,
    113: CookedLinux,
    228: IP,
    229: IPv6,
    276: CookedLinuxV2,
}
_SSDP_PORT, _MDNS_PORT = 1900, 5353


def announcement(glimpse: Glimpse, *, proof: bool) -> Announcement:
    """Return what one frame shows of its device; see ``mdns_announcement`` for ``proof``."""
    layer = _LINKS.get(glimpse.link)
    if layer is None:
        return Announcement()
    packet = layer(glimpse.frame[:SIGHTING_FRAME_BYTES])
    if DHCP in packet:
        return Announcement(list(dhcp_sightings(packet, glimpse.device)))
    if UDP in packet and packet[UDP].sport == _MDNS_PORT and DNS in packet:
        return mdns_announcement(packet, _sender(packet), proof=proof)
    if UDP in packet and _SSDP_PORT in (packet[UDP].sport, packet[UDP].dport):
        return Announcement(list(ssdp_sightings(bytes(packet[UDP].payload))))
    if TCP in packet:
        return Announcement(list(http_sightings(bytes(packet[TCP].payload))))
    return Announcement()


def _sender(packet: Packet) -> str:
    return str(packet[IP].src if IP in packet else packet[IPv6].src)
