# SPDX-License-Identifier: GPL-2.0-or-later
"""Which frames the kernel hands to us, and how much of each.

Kept as a whole, from everybody: ARP, NDP, DHCP, DHCPv6, mDNS, SSDP. From devices that are neither speakers nor known
well enough also what tells whom they talk to: DNS questions, with their answers, and the beginning of TLS and QUIC.
Headers are looked at behind VLAN tags and IPv4 options; not behind IPv6 extension headers, and not in later fragments.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from appliance.capture.assembler import Assembler, Op, Program
from appliance.limits import DOWNSTREAM_BYTES, FILTER_MACS, FRAME_BYTES, VLAN_TAGS

_NETWORK = 14  # where its network header begins, but for VLAN tags
_ARP, _IPV4, _IPV6 = 0x0806, 0x0800, 0x86DD
_TAGS = (0x8100, 0x88A8, 0x9100)
_TCP, _UDP, _ICMPV6 = 6, 17, 58
_INTRODUCTIONS = (67, 68, 546, 547, 5353, 1900)  # DHCP, DHCPv6, mDNS, SSDP
_DNS, _HTTPS = 53, 443
_NDP = (133, 137)
_HANDSHAKE, _CLIENT_HELLO = 0x1603, 1  # RFC 8446 sections 5.1 and 4
_GOOGLE = 0x5130  # "Q0", the begin of Google's QUIC versions
# cells of the filter's memory: what "plain" keeps of the frame, the MAC address in question, two for a moment
_KEEP, _HIGH, _LOW, _X, _PROTOCOL = range(5)


class _Mac(NamedTuple):
    """Where a MAC address is: how its upper 16 and its lower 32 bits are loaded."""

    name: str
    load: Op
    high: int
    load_low: Op
    low: int


_TARGET = _Mac("target", Op.LOAD_HALF, 0, Op.LOAD_WORD, 2)
_SOURCE = _Mac("source", Op.LOAD_HALF, 6, Op.LOAD_WORD, 8)
_DEVICE = _Mac("device", Op.LOAD_MEMORY, _HIGH, Op.LOAD_MEMORY, _LOW)


@dataclass(frozen=True, slots=True)
class Watched:
    """Devices by what is to be seen of them, as MAC addresses."""

    speakers: frozenset[int] = frozenset()
    learnt: frozenset[int] = frozenset()  #: other devices of which enough is known


def everything(snap: int) -> Program:
    """Return a filter that keeps the first ``snap`` bytes of each frame; the frames named above as a whole."""
    return _program((), (), snap)


def house(watched: Watched) -> Program:
    """Return a filter for speakers: all that they send, the headers of what they get, and the frames named above.

    More speakers than FILTER_MACS are no house, but a flood: then the headers of everything are kept. Of more learnt
    devices than that, some count as not learnt.
    """
    if len(watched.speakers) > FILTER_MACS:
        return everything(DOWNSTREAM_BYTES)
    learnt = sorted(watched.learnt - watched.speakers)[:FILTER_MACS]
    return _program(sorted(watched.speakers), learnt, 0)


def _program(speakers: Iterable[int], learnt: Iterable[int], others: int) -> Program:
    """Return the filter that keeps ``others`` bytes of frames that are nothing special."""
    code = Assembler()
    _if_among(code, _SOURCE, speakers, yes="whole", no="from others")
    code.label("from others")
    code.put(Op.LOAD_NUMBER, others)
    code.put(Op.STORE, _KEEP)
    _if_among(code, _TARGET, speakers, yes="headers", no="frame")
    code.label("headers")
    code.put(Op.LOAD_NUMBER, DOWNSTREAM_BYTES)
    code.put(Op.STORE, _KEEP)
    code.label("frame")
    _link(code)
    _ipv4(code)
    _ipv6(code)
    _transport(code)
    _icmp(code)
    _udp(code)
    _tcp(code)
    _device(code, learnt)
    _ends(code)
    return code.program()


def _if_among(code: Assembler, mac: _Mac, members: Iterable[int], *, yes: str, no: str) -> None:
    """Go on at ``yes`` if a MAC address is one of these, else at ``no``."""
    vendors = [(high, list(macs)) for high, macs in groupby(sorted(members), lambda member: member >> 32)]
    code.put(mac.load, mac.high)
    for high, _ in vendors:
        code.jump(Op.IF_EQUAL, high, yes=f"{mac.name} {high}")
    code.goto(no)
    for high, macs in vendors:
        code.label(f"{mac.name} {high}")
        code.put(mac.load_low, mac.low)
        for member in macs:
            code.jump(Op.IF_EQUAL, member & 0xFFFF_FFFF, yes=yes)
        code.goto(no)


def _link(code: Assembler) -> None:
    """Step over VLAN tags: from here on X counts what lies before the network header more than usual."""
    code.put(Op.SET_X, 0)
    for tag in range(VLAN_TAGS + 1):
        code.put(Op.LOAD_HALF_X, _NETWORK - 2)
        code.jump(Op.IF_EQUAL, _ARP, yes="whole")
        code.jump(Op.IF_EQUAL, _IPV4, yes="IPv4")
        code.jump(Op.IF_EQUAL, _IPV6, yes="IPv6")
        if tag == VLAN_TAGS:
            break
        for kind in _TAGS:
            code.jump(Op.IF_EQUAL, kind, yes=f"tag {tag}")
        code.goto("plain")
        code.label(f"tag {tag}")
        _reach(code, _NETWORK + 4, f"behind tag {tag}")
        code.put(Op.A_FROM_X)
        code.put(Op.ADD, 4)
        code.put(Op.X_FROM_A)
    code.goto("plain")


def _ipv4(code: Assembler) -> None:
    code.label("IPv4")
    _reach(code, _NETWORK + 20, "in IPv4")
    code.put(Op.LOAD_HALF_X, _NETWORK + 6)
    code.jump(Op.IF_BITS, 0x1FFF, yes="plain")
    code.put(Op.LOAD_BYTE_X, _NETWORK + 9)
    code.put(Op.STORE, _PROTOCOL)
    code.put(Op.LOAD_BYTE_X, _NETWORK)
    code.put(Op.AND, 0x0F)
    code.put(Op.SHIFT_LEFT, 2)
    code.goto("transport")


def _ipv6(code: Assembler) -> None:
    code.label("IPv6")
    _reach(code, _NETWORK + 40, "in IPv6")
    code.put(Op.LOAD_BYTE_X, _NETWORK + 6)
    code.put(Op.STORE, _PROTOCOL)
    code.put(Op.LOAD_NUMBER, 40)


def _transport(code: Assembler) -> None:
    """Step over the network header, whose length is in A."""
    code.label("transport")
    code.put(Op.ADD_X)
    code.put(Op.X_FROM_A)
    code.put(Op.LOAD_MEMORY, _PROTOCOL)
    code.jump(Op.IF_EQUAL, _UDP, yes="UDP")
    code.jump(Op.IF_EQUAL, _TCP, yes="TCP")
    code.jump(Op.IF_EQUAL, _ICMPV6, no="plain")


def _icmp(code: Assembler) -> None:
    _reach(code, _NETWORK + 1, "in ICMPv6")
    code.put(Op.LOAD_BYTE_X, _NETWORK)
    code.jump(Op.IF_AT_LEAST, _NDP[0], no="plain")
    code.jump(Op.IF_GREATER, _NDP[1], yes="plain", no="whole")


def _udp(code: Assembler) -> None:
    code.label("UDP")
    _reach(code, _NETWORK + 8, "in UDP")
    for at, dns in ((0, "answer"), (2, "question")):
        code.put(Op.LOAD_HALF_X, _NETWORK + at)
        for port in _INTRODUCTIONS:
            code.jump(Op.IF_EQUAL, port, yes="whole")
        code.jump(Op.IF_EQUAL, _DNS, yes=dns)
    code.jump(Op.IF_EQUAL, _HTTPS, no="plain")
    _quic(code)


def _quic(code: Assembler) -> None:
    """Find long headers (RFC 9000 section 17.2), and the forms that Google's versions had before."""
    data = _NETWORK + 8
    _reach(code, data + 11, "in QUIC")
    code.put(Op.LOAD_BYTE_X, data)
    code.put(Op.AND, 0xC0)
    code.jump(Op.IF_EQUAL, 0xC0, yes="question")
    code.jump(Op.IF_BITS, 0x80, no="Google's header")
    code.put(Op.LOAD_HALF_X, data + 1)
    code.jump(Op.IF_EQUAL, _GOOGLE, yes="question")
    code.label("Google's header")
    code.put(Op.LOAD_BYTE_X, data)
    code.put(Op.AND, 0x09)
    code.jump(Op.IF_EQUAL, 0x09, no="plain")
    code.put(Op.LOAD_HALF_X, data + 9)
    code.jump(Op.IF_EQUAL, _GOOGLE, yes="question", no="plain")


def _tcp(code: Assembler) -> None:
    code.label("TCP")
    _reach(code, _NETWORK + 20, "in TCP")
    code.put(Op.LOAD_HALF_X, _NETWORK)
    code.jump(Op.IF_EQUAL, _DNS, yes="answer")
    code.put(Op.LOAD_HALF_X, _NETWORK + 2)
    code.jump(Op.IF_EQUAL, _DNS, yes="question")
    code.put(Op.LOAD_BYTE_X, _NETWORK + 12)
    code.put(Op.AND, 0xF0)
    code.put(Op.SHIFT_RIGHT, 2)
    code.put(Op.ADD_X)
    code.put(Op.X_FROM_A)
    _reach(code, _NETWORK + 6, "in TLS")
    code.put(Op.LOAD_HALF_X, _NETWORK)
    code.jump(Op.IF_EQUAL, _HANDSHAKE, no="plain")
    code.put(Op.LOAD_BYTE_X, _NETWORK + 5)
    code.jump(Op.IF_EQUAL, _CLIENT_HELLO, no="plain")


def _device(code: Assembler, learnt: Iterable[int]) -> None:
    """Keep what a device asks, and what it is answered, unless enough is known of it."""
    for label, mac in (("question", _SOURCE), ("answer", _TARGET)):
        code.label(label)
        code.put(mac.load, mac.high)
        code.put(Op.STORE, _HIGH)
        code.put(mac.load_low, mac.low)
        code.put(Op.STORE, _LOW)
        if mac is _SOURCE:
            code.goto("device")
    code.label("device")
    _if_among(code, _DEVICE, learnt, yes="plain", no="whole")


def _ends(code: Assembler) -> None:
    code.label("plain")
    code.put(Op.LOAD_MEMORY, _KEEP)
    code.put(Op.RETURN_A)
    code.label("whole")
    code.put(Op.RETURN, FRAME_BYTES)


def _reach(code: Assembler, size: int, label: str) -> None:
    """Go on if the frame has ``size`` bytes behind X; the kernel drops a frame beyond whose end a filter looks."""
    code.put(Op.STORE_X, _X)
    code.put(Op.A_FROM_X)
    code.put(Op.ADD, size)
    code.put(Op.X_FROM_A)
    code.put(Op.LOAD_LENGTH)
    code.jump(Op.IF_AT_LEAST_X, yes=label, no="plain")
    code.label(label)
    code.put(Op.X_FROM_MEMORY, _X)
