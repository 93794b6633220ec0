# SPDX-License-Identifier: GPL-2.0-or-later
"""The frames that occur once in a while, made by scapy: DNS, DHCP (RFC 2131), mDNS (RFC 6762), SSDP."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from itertools import pairwise
from typing import Any

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

DNS_TTL = 60  #: seconds an Alexa answer lives (facts section 4)
MDNS = ("01:00:5e:00:00:fb", "224.0.0.251", 5353)
SSDP = ("01:00:5e:7f:ff:fa", "239.255.255.250", 1900)
Offer = tuple[str, str, tuple[str, ...]]  # service, instance, TXT strings
NAMES_KEPT = 4096  #: names whose messages are kept ready; a household asks for fewer


@lru_cache(NAMES_KEPT)
def dns_messages(host: str, address: bytes, aliases: tuple[str, ...], ttl: int = DNS_TTL) -> tuple[bytes, bytes]:
    """Return a question and its answer with transaction id 0: CNAME chain, then A or AAAA by the address' length."""
    kind = "A" if len(address) == 4 else "AAAA"
    question = DNSQR(qname=host, qtype=kind)
    chain = (host, *aliases)
    records: list[Any] = [DNSRR(rrname=name, type="CNAME", rdata=alias, ttl=ttl) for name, alias in pairwise(chain)]
    records.append(DNSRR(rrname=chain[-1], type=kind, rdata=str(ip_address(address)), ttl=ttl))
    return bytes(DNS(id=0, rd=1, qd=question)), bytes(DNS(id=0, qr=1, rd=1, ra=1, qd=question, an=records))


def dhcp_frames(
    mac: str, router: tuple[str, str], address: str, options: Sequence[tuple[str | int, Any]], transaction: int
) -> list[tuple[float, bytes]]:
    """Return a boot's DISCOVER, OFFER, REQUEST and ACK as (seconds after the first, frame)."""
    router_mac, router_address = router
    hardware = bytes.fromhex(mac.replace(":", ""))
    ask = Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / IP(src="0.0.0.0", dst="255.255.255.255", id=0)  # noqa: S104 - RFC 2131
    ask /= UDP(sport=68, dport=67) / BOOTP(chaddr=hardware, xid=transaction)
    answer = Ether(src=router_mac, dst=mac) / IP(src=router_address, dst=address, id=0) / UDP(sport=67, dport=68)
    answer /= BOOTP(op=2, chaddr=hardware, yiaddr=address, siaddr=router_address, xid=transaction)
    lease = [("server_id", router_address), ("lease_time", 86400), ("router", router_address), "end"]
    steps = (
        (0.0, ask / DHCP(options=[("message-type", "discover"), *options, "end"])),
        (0.012, answer / DHCP(options=[("message-type", "offer"), *lease])),
        (0.031, ask / DHCP(options=[("message-type", "request"), ("requested_addr", address), *options, "end"])),
        (0.046, answer / DHCP(options=[("message-type", "ack"), *lease])),
    )
    return [(after, bytes(frame)) for after, frame in steps]


@lru_cache(NAMES_KEPT)
def mdns_frame(mac: str, address: str, questions: tuple[str, ...], services: tuple[Offer, ...], host: str) -> bytes:
    """Return one multicast message: questions for services, or offers."""
    records: list[Any] = []
    for service, instance, texts in services:
        name = f"{instance}.{service}"
        records.append(DNSRR(rrname=service, type="PTR", rdata=name, ttl=4500))
        records.append(DNSRR(rrname=name, type="TXT", rdata=[text.encode() for text in texts], ttl=4500))
    if services:
        records.append(DNSRR(rrname=host, type="A", rdata=address, ttl=120))
    asked = [DNSQR(qname=name, qtype="PTR") for name in questions]
    message = DNS(id=0, qr=int(bool(services)), aa=int(bool(services)), rd=0, qd=asked, an=records)
    return _multicast(mac, address, MDNS, message)


@lru_cache(NAMES_KEPT)
def ssdp_frame(mac: str, address: str, target: str) -> bytes:
    """Return one SSDP search for ``target``."""
    lines = ("M-SEARCH * HTTP/1.1", "HOST: 239.255.255.250:1900", 'MAN: "ssdp:discover"', "MX: 3", f"ST: {target}")
    return _multicast(mac, address, SSDP, Raw("\r\n".join((*lines, "", "")).encode()))


def _multicast(mac: str, address: str, group: tuple[str, str, int], message: Any) -> bytes:  # noqa: ANN401 - scapy
    group_mac, group_address, port = group
    head = (
        Ether(src=mac, dst=group_mac) / IP(src=address, dst=group_address, ttl=255, id=0) / UDP(sport=port, dport=port)
    )
    return bytes(head / message)
