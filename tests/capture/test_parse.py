# SPDX-License-Identifier: GPL-2.0-or-later
import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, TCP, UDP, IPOption_Router_Alert
from scapy.layers.inet6 import IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting
from scapy.layers.ipsec import AH
from scapy.layers.l2 import CookedLinux, CookedLinuxV2, Dot1AD, Dot1Q, Ether
from scapy.packet import Packet, Raw

from appliance.capture import Frames, parse
from appliance.capture.links import IPV4
from tests.capture.craft import chunk
from tests.capture.reference import Row, parse_frame

LINKS = (1, 113, 276, 101, 12, 14, 228, 229, 0, 108, 147)
MAC, OTHER = "02:00:00:00:00:01", "02:00:00:00:00:02"
ETHER = Ether(src=MAC, dst=OTHER)


def row(frames: Frames, index: int) -> Row:
    """Return one frame's columns; the payload's place counted from the frame's begin."""
    values = {field.name: int(getattr(frames, field.name)[index]) for field in dataclasses.fields(Row)}
    if values["payload_at"]:
        values["payload_at"] -= int(frames.packets.at[index])
    return Row(**values)


def parsed(*frames: bytes, link: int = 1, wire: Sequence[int] | None = None) -> list[Row]:
    """Parse some frames together."""
    columns = parse(chunk(frames, link, wire))
    return [row(columns, index) for index in range(len(columns))]


def one(packet: Packet, link: int = 1) -> Row:
    """Parse one packet that scapy built."""
    return parsed(bytes(packet), link=link)[0]


layers_between = st.sampled_from(
    [
        IP(src="192.168.1.9", dst="52.94.235.50"),
        IP(src="10.0.0.1", dst="224.0.0.251", options=[IPOption_Router_Alert()]),
        Dot1Q(vlan=5) / IP(src="10.0.0.1", dst="10.0.0.2"),
        Dot1AD(vlan=7) / Dot1Q(vlan=5) / IPv6(src="2001:db8::1", dst="2001:db8::2"),
        IPv6(src="fe80::1", dst="ff02::fb"),
        IPv6(src="fe80::1", dst="ff02::fb") / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt(),
        IPv6(src="fe80::1", dst="ff02::fb") / IPv6ExtHdrRouting(addresses=["::1"]) / IPv6ExtHdrFragment(),
    ]
)
ports = st.integers(1, 65535)
transports = st.one_of(
    st.builds(
        TCP,
        sport=ports,
        dport=ports,
        seq=st.integers(0, 2**32 - 1),
        flags=st.integers(0, 255),
        options=st.sampled_from([[], [("MSS", 1460), ("SAckOK", b"")], [("Timestamp", (1, 2))]]),
    ),
    st.builds(UDP, sport=ports, dport=ports),
)
packets = st.builds(
    lambda between, transport, size: ETHER / between / transport / Raw(bytes(size)),
    layers_between,
    transports,
    st.integers(0, 1460),
)


def check_with_scapy(found: Row, packet: Packet) -> None:
    """Compare with what scapy put into the packet."""
    network = packet.getlayer(IP) or packet.getlayer(IPv6)
    transport = packet.getlayer(TCP) or packet.getlayer(UDP)
    assert network is not None
    assert transport is not None
    assert found.version == network.version
    assert found.protocol == (6 if isinstance(transport, TCP) else 17)
    assert (found.source_port, found.target_port) == (transport.sport, transport.dport)
    assert found.payload == found.present == len(transport.payload)
    if isinstance(transport, TCP):
        assert (found.sequence, found.flags) == (transport.seq, int(transport.flags))


@given(st.lists(packets, min_size=1, max_size=5))
def test_agrees_with_scapy(built: list[Packet]) -> None:
    """Ports, numbers, flags and lengths are those that scapy wrote, whatever lies between Ethernet and transport."""
    for found, packet in zip(parsed(*map(bytes, built)), built, strict=True):
        check_with_scapy(found, packet)
        assert (found.source, found.target) == (0x020000000001, 0x020000000002)


@given(
    st.lists(st.tuples(packets, st.integers(0, 1600)), min_size=1, max_size=6),
    st.sampled_from(LINKS),
    st.randoms(use_true_random=False),
)
def test_agrees_with_the_slow_parser(built: list[tuple[Packet, int]], link: int, random: object) -> None:
    """Of cut and damaged frames of any link type, every column is what a parser by the RFCs without numpy says."""
    choice = getattr(random, "randrange")  # noqa: B009 - hypothesis types its Random as object
    frames, wire = [], []
    for packet, keep in built:
        whole = bytearray(bytes(packet)[0 if link == 1 else 14 :])
        for _ in range(choice(4)):
            whole[choice(min(len(whole), 100))] = choice(256)
        frames.append(bytes(whole[:keep]))
        wire.append(max(len(whole), len(frames[-1])))
    for found, frame, length in zip(parsed(*frames, link=link, wire=wire), frames, wire, strict=True):
        assert found == parse_frame(frame, length, link)


@given(st.lists(st.tuples(st.binary(max_size=120), st.integers(0, 70_000)), max_size=8), st.sampled_from(LINKS))
def test_any_bytes(built: list[tuple[bytes, int]], link: int) -> None:
    """Bytes of no meaning at all give what the slow parser says, and never an exception."""
    frames = [frame for frame, _ in built]
    wire = [max(len(frame), more) for frame, more in built]
    for found, frame, length in zip(parsed(*frames, link=link, wire=wire), frames, wire, strict=True):
        assert found == parse_frame(frame, length, link)
        assert 0 <= found.present <= found.payload


@pytest.mark.parametrize(
    ("link", "head", "source"),
    [
        (1, ETHER, 0x020000000001),
        (101, None, 0),
        (228, None, 0),
        (113, CookedLinux(lladdrlen=6, src=bytes.fromhex("0200000000010000"), proto=IPV4), 0x020000000001),
        (276, CookedLinuxV2(proto=IPV4, lladdrlen=6, src=bytes.fromhex("0200000000010000")), 0x020000000001),
        (0, Raw(b"\x02\0\0\0"), 0),
        (108, Raw(b"\0\0\0\x02"), 0),
    ],
)
def test_link_types(link: int, head: Packet | None, source: int) -> None:
    """Every link type leads to the same IP packet; cooked ones know only the sender's address, raw ones none."""
    inner = IP(src="1.2.3.4", dst="5.6.7.8") / TCP(sport=1, dport=2, seq=3, flags="PA") / Raw(b"payload")
    found = one(head / inner if head else inner, link)
    assert found.source == source
    assert found.target == (0x020000000002 if link == 1 else 0)
    assert (found.source_low, found.target_low) == (0xFFFF_0102_0304, 0xFFFF_0506_0708)
    assert (found.source_port, found.target_port, found.sequence, found.payload) == (1, 2, 3, 7)


def test_ethernet_padding_is_no_payload() -> None:
    """A short frame is padded to 60 bytes; the padding never counts."""
    frame = bytes(ETHER / IP() / TCP(flags="A")).ljust(60, b"\0")
    found = parsed(frame)[0]
    assert (found.protocol, found.payload, found.present) == (6, 0, 0)


def test_lengths_come_from_the_headers() -> None:
    """Of a frame cut to 60 bytes the whole payload counts, and what of it is there is told apart."""
    frame = bytes(ETHER / IP() / TCP() / Raw(bytes(1000)))
    found = parsed(frame[:60], wire=[len(frame)])[0]
    assert (found.payload, found.present) == (1000, 6)


def test_offloaded_lengths() -> None:
    """A total length of 0, as segmentation offload leaves it, means all the bytes there were on the wire."""
    four = bytes(ETHER / IP(len=0) / TCP() / Raw(bytes(60_000)))
    six = bytes(ETHER / IPv6(plen=0) / TCP() / Raw(bytes(60_000)))
    assert [found.payload for found in parsed(four, six)] == [60_000, 60_000]


@pytest.mark.parametrize(
    "packet",
    [
        IP(ihl=4) / TCP(),
        IP(len=19) / TCP(),
        IP(version=5) / TCP(),
        IP() / TCP(dataofs=4),
        IP() / TCP(dataofs=15),
        IP() / UDP(len=7),
        IP(len=24) / UDP(),
    ],
)
def test_malformed_headers(packet: Packet) -> None:
    """Lengths that cannot be make a frame neither TCP nor UDP."""
    found = one(ETHER / packet)
    assert found.protocol == 0
    assert (found.source_port, found.target_port, found.payload, found.flags) == (0, 0, 0, 0)


@pytest.mark.parametrize("keep", [0, 5, 13, 14, 33, 34, 53])
def test_cut_headers(keep: int) -> None:
    """A frame cut within a header has nothing of that header, nor of those behind it."""
    frame = bytes(ETHER / IP(src="1.2.3.4") / TCP(sport=9))
    found = parsed(frame[:keep], frame, wire=[len(frame)] * 2)[0]
    assert found.source == (0x020000000001 if keep >= 14 else 0)
    assert found.version == (4 if keep >= 34 else 0)
    assert found.protocol == found.source_port == 0


def test_authentication_header() -> None:
    """The authentication header counts its length in other units than all the others."""
    found = one(ETHER / IPv6() / AH(nh=17, payloadlen=4, icv=b"123456789012") / UDP(sport=5) / Raw(b"1234"))
    assert (found.protocol, found.source_port, found.payload) == (17, 5, 4)


def test_endless_extension_headers() -> None:
    """A chain of more extension headers than anyone needs is not followed."""
    packet = ETHER / IPv6()
    for _ in range(12):
        packet /= IPv6ExtHdrDestOpt()
    assert one(packet / UDP(sport=5)).protocol == 0


def test_udp_first_fragment_says_the_whole_length() -> None:
    """A fragmented datagram counts once, in full, with its first fragment; a later one is protocol 44."""
    first = ETHER / IP(flags="MF", proto=17) / Raw(bytes(UDP(len=3008)) + bytes(1000))
    later = ETHER / IP(frag=126, proto=17) / Raw(bytes(1000))
    found = parsed(bytes(first), bytes(later))
    assert [(each.protocol, each.payload, each.present) for each in found] == [(17, 3000, 1000), (44, 0, 0)]


def test_no_packets() -> None:
    """An empty chunk gives empty columns."""
    assert len(parse(chunk([]))) == 0


def test_shares_the_buffer() -> None:
    """Payloads are found in the packets' own buffer."""
    frames = parse(chunk([bytes(ETHER / IP() / UDP() / Raw(b"hello"))] * 2))
    at = int(frames.payload_at[1])
    assert frames.packets.buffer[at : at + 5].tobytes() == b"hello"
    assert frames.payload.dtype == np.int64
