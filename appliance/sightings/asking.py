# SPDX-License-Identifier: GPL-2.0-or-later
"""The process that makes the frames which ask devices what they are: one JSON object in, the frames as JSON out.

mDNS for the services that speakers offer (RFC 6762, 5.4), SSDP for everything (UPnP Device Architecture 2.0, 1.3.2),
ARP for each address of the network (RFC 826).
"""

import base64
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Interface, IPv4Network
from typing import TextIO

from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet, Raw

from appliance.limits import DISSECTING_BYTES, PROBE_ADDRESSES, PROBE_SERVICES

_SEARCH = b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 3\r\nST: ssdp:all\r\n\r\n'
_EVERYTHING = "_services._dns-sd._udp"  # what else there is (RFC 6763, 9)


def frames(mac: str, home: IPv4Interface, services: Iterable[str]) -> Iterator[bytes]:
    """Yield what is to be sent from a host of that MAC address and place; ``services`` as ``_airplay._tcp``."""
    yield bytes(_mdns(mac, home, [_EVERYTHING, *services][:PROBE_SERVICES]))
    yield bytes(_ssdp(mac, home))
    for address in _near(home).hosts():
        if address != home.ip:
            broadcast = Ether(src=mac, dst="ff:ff:ff:ff:ff:ff")
            yield bytes(broadcast / ARP(op=1, hwsrc=mac, psrc=str(home.ip), pdst=str(address)))


def _mdns(mac: str, home: IPv4Interface, services: list[str]) -> Packet:
    questions = [DNSQR(qname=f"{service}.local", qtype="PTR") for service in services]
    link = Ether(src=mac, dst="01:00:5e:00:00:fb") / IP(src=str(home.ip), dst="224.0.0.251", ttl=255)
    return link / UDP(sport=5353, dport=5353) / DNS(id=0, rd=0, qd=questions)


def _ssdp(mac: str, home: IPv4Interface) -> Packet:
    link = Ether(src=mac, dst="01:00:5e:7f:ff:fa") / IP(src=str(home.ip), dst="239.255.255.250", ttl=2)
    return link / UDP(sport=1900, dport=1900) / Raw(_SEARCH)


def _near(home: IPv4Interface) -> IPv4Network:
    """Return the network, or of a large one the addresses around ours."""
    if home.network.num_addresses <= PROBE_ADDRESSES:
        return home.network
    return IPv4Network((int(home.ip) // PROBE_ADDRESSES * PROBE_ADDRESSES, 33 - PROBE_ADDRESSES.bit_length()))


def answer(source: TextIO, target: TextIO) -> None:
    """Make the frames that ``source`` asks for."""
    asked = json.load(source)
    made = frames(asked["mac"], IPv4Interface(asked["home"]), asked["services"])
    json.dump([base64.b64encode(each).decode() for each in made], target)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (DISSECTING_BYTES, DISSECTING_BYTES))
    answer(sys.stdin, sys.stdout)
