# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames as speakers send them, made by scapy."""

from ipaddress import IPv4Address

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.dns import DNS, DNSQR, DNSRR, DNSRRSRV
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from appliance.events import Glimpse, SightingKind
from appliance.sightings import Sightings

DEVICE = "aa:bb:cc:00:11:22"
ADDRESS = "192.168.1.7"
UNSPECIFIED = str(IPv4Address(0))


def glimpse(packet: Packet, link: int = 1, device: str = DEVICE) -> Glimpse:
    return Glimpse(100.0, device, link, bytes(packet))


def dhcp(*options: object, device: str = DEVICE) -> Packet:
    return (
        Ether(src=DEVICE, dst="ff:ff:ff:ff:ff:ff")
        / IP(src=UNSPECIFIED, dst="255.255.255.255")
        / UDP(sport=68, dport=67)
        / BOOTP(chaddr=bytes.fromhex(device.replace(":", "")))
        / DHCP(options=[("message-type", "discover"), *options, "end"])
    )


def multicast(message: DNS, source: str = ADDRESS) -> Packet:
    return Ether(src=DEVICE) / IP(src=source, dst="224.0.0.251") / UDP(sport=5353, dport=5353) / message


def offer(service: str, *texts: str, host: str = "h.local", address: str = ADDRESS) -> DNS:
    instance = f"Some Room.{service}.local"
    return DNS(
        qr=1,
        qd=[],
        an=[DNSRR(rrname=f"{service}.local", type="PTR", rdata=instance)],
        ar=[
            DNSRR(rrname=instance, type="TXT", rdata=list(texts) or [""]),
            DNSRRSRV(rrname=instance, target=host, port=8009),
            DNSRR(rrname=host, type="A", rdata=address),
        ],
    )


def question(*services: str) -> DNS:
    return DNS(qr=0, qd=[DNSQR(qname=f"{service}.local", qtype="PTR") for service in services])


def ssdp(text: str) -> Packet:
    return Ether(src=DEVICE) / IP(src=ADDRESS) / UDP(sport=1900, dport=1900) / text.replace("\n", "\r\n").encode()


def http(text: str) -> Packet:
    return Ether(src=DEVICE) / IP(src=ADDRESS) / TCP(dport=80) / text.replace("\n", "\r\n").encode()


def shown(packet: Packet, sightings: Sightings | None = None) -> set[tuple[SightingKind, str]]:
    return {(each.kind, each.value) for each in (sightings or Sightings()).feed(glimpse(packet))}
