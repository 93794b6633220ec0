# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged inputs, and the sound ones they are made from."""

import gzip
import random
from collections.abc import Sequence
from itertools import islice
from struct import pack

from bench.household import traffic

_BOUNDARIES = (0, 1, 4, 5, 0x7F, 0x80, 0xFE, 0xFF)
LONGEST = 70_000


def mutated(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Return a seed after one to four changes; most strike its first 200 bytes, where headers are."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(max(min(len(data), rng.choice((60, 200, len(data)))), 1))
        match rng.randrange(8):
            case 0 | 1:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 2 | 3:
                data[at : at + 1] = bytes([rng.choice(_BOUNDARIES)])
            case 4:
                data[at : at + 2] = pack(">H", rng.choice((0, 1, len(data), 0x7FFF, 0xFFFF, rng.randrange(65_536))))
            case 5:
                del data[at : at + rng.choice((1, 2, 4, len(data)))]
            case 6:
                data[at:at] = data[at : at + rng.randrange(1, 400)]
            case _:
                data[at:] = rng.choice(seeds)[at:]
    return bytes(data[:LONGEST])


def frames() -> list[bytes]:
    """Return Ethernet frames of every kind that homes have, and of the rarer kinds of headers."""
    common = [frame for _, frame in islice(traffic(seed=3), 4000)]
    by_size = {(len(frame), frame[12:24]): frame for frame in common}
    return [*list(by_size.values())[:300], *_rare()]


def _rare() -> list[bytes]:
    """Return frames with VLAN tags, options, fragments, extension headers, mDNS, SSDP, DHCP, HTTP."""
    from scapy.layers.dhcp import BOOTP, DHCP  # noqa: PLC0415 - scapy, only where it is needed
    from scapy.layers.dns import DNS, DNSQR, DNSRR  # noqa: PLC0415
    from scapy.layers.inet import IP, TCP, UDP, IPOption_Router_Alert  # noqa: PLC0415
    from scapy.layers.inet6 import (  # noqa: PLC0415
        IPv6,
        IPv6ExtHdrDestOpt,
        IPv6ExtHdrFragment,
        IPv6ExtHdrHopByHop,
    )
    from scapy.layers.l2 import Dot1AD, Dot1Q, Ether  # noqa: PLC0415

    ether = Ether(src="02:00:00:00:01:01", dst="02:00:00:00:fe:01")
    http = b"GET / HTTP/1.1\r\nHost: example.net\r\nUser-Agent: AmazonWebAppPlatform\r\n\r\n"
    ssdp = b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250\r\nSERVER: Linux UPnP/1.0 Sonos/70\r\nNT: x\r\n\r\n"
    options = [("message-type", "request"), ("hostname", "echo"), ("vendor_class_id", "x"), (145, b"y"), "end"]
    mdns = DNS(
        qr=1,
        qd=[DNSQR(qname="_googlecast._tcp.local", qtype=12)],
        an=[
            DNSRR(rrname="_googlecast._tcp.local", type=12, rdata="Nest._googlecast._tcp.local"),
            DNSRR(rrname="Nest._googlecast._tcp.local", type=16, rdata=[b"md=Google Home", b"fn=Kitchen"]),
        ],
    )
    lan = IP(src="192.168.1.9", dst="192.168.1.1")
    return [
        bytes(ether / rest)
        for rest in (
            Dot1AD() / Dot1Q() / lan / TCP(dport=80) / http,
            IP(src="192.168.1.9", options=[IPOption_Router_Alert()]) / TCP(dport=80) / http,
            lan / UDP(sport=50_000, dport=1900) / ssdp,
            IP(src="192.168.1.9", flags="MF", proto=6) / bytes(TCP(dport=443)) / bytes(800),
            IP(src="192.168.1.9", frag=100, proto=6) / bytes(800),
            IPv6(src="fe80::9") / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt() / TCP(dport=443),
            IPv6(src="fe80::9") / IPv6ExtHdrFragment(m=1) / TCP(dport=443) / bytes(100),
            IP(src="0.0.0.0", dst="255.255.255.255")  # noqa: S104 - what DHCP sends
            / UDP(sport=68, dport=67)
            / BOOTP(chaddr=bytes.fromhex("020000000101"))
            / DHCP(options=options),
            IP(src="192.168.1.9", dst="224.0.0.251") / UDP(sport=5353, dport=5353) / mdns,
        )
    ]


def captures() -> list[bytes]:
    """Return small capture files of each kind, and what is none."""
    few = [frame for _, frame in islice(traffic(seed=4), 12)]
    found = [_pcap(few, order, magic) for order in "<>" for magic in (0xA1B2C3D4, 0xA1B23C4D)]
    found += [_pcapng(few, order) for order in "<>"]
    return [
        *found,
        gzip.compress(found[0]),
        gzip.compress(found[-1]) + gzip.compress(b""),
        b"a text\n",
        found[4] + found[5],
    ]


def _pcap(few: list[bytes], order: str, magic: int) -> bytes:
    packets = [pack(order + "IIII", 1_760_000_000, n, len(frame), len(frame)) + frame for n, frame in enumerate(few)]
    return pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65_535, 1) + b"".join(packets)


def _pcapng(few: list[bytes], order: str) -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        total = pack(order + "I", len(body) + 12)
        return pack(order + "I", kind) + total + body + total

    file = block(0x0A0D0D0A, pack(order + "IHHqHH", 0x1A2B3C4D, 1, 0, -1, 1, 4) + b"note" + bytes(4))
    file += block(1, pack(order + "HHI", 1, 0, 0) + pack(order + "HHB", 9, 1, 9) + bytes(7))
    file += block(1, pack(order + "HHI", 101, 0, 96))
    for number, frame in enumerate(few):
        padded = frame + bytes(-len(frame) % 4)
        time = (1_760_000_000_000_000_000 + number).to_bytes(8, "big" if order == ">" else "little")
        halves = time if order == ">" else time[4:] + time[:4]
        file += block(6, pack(order + "I", number % 2) + halves + pack(order + "II", len(frame), len(frame)) + padded)
    return file + block(3, pack(order + "I", 8) + b"12345678")
