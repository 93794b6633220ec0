# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel keeps of a frame by our filters, against the rule in plain Python."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.capture.assembler import Program, attach
from appliance.capture.bpf import Watched, everything, house
from appliance.limits import DOWNSTREAM_BYTES, FILTER_INSTRUCTIONS, FILTER_MACS, VLAN_TAGS

Pair = tuple[socket.socket, socket.socket]
WHOLE = 1 << 16
SPEAKER, LEARNT, NEW, ROUTER = 0x44650D000001, 0x44650D000002, 0xF0F0_8000_0001, 0x020000000001
WATCHED = Watched(frozenset({SPEAKER}), frozenset({LEARNT, ROUTER}))
TAGS = (0x8100, 0x88A8, 0x9100)


def rule(frame: bytes, watched: Watched, others: int = 0) -> int:
    """Say how many bytes of a frame are to be kept at most."""
    source, target = int.from_bytes(frame[6:12]), int.from_bytes(frame[:6])
    if source in watched.speakers:
        return WHOLE
    plain = DOWNSTREAM_BYTES if target in watched.speakers else others
    match kind(frame):
        case "introduction":
            return WHOLE
        case "question":
            return plain if source in watched.learnt else WHOLE
        case "answer":
            return plain if target in watched.learnt else WHOLE
        case _:
            return plain


def kind(frame: bytes) -> str:
    """Say what a frame is."""
    at, tags = 12, 0
    while int.from_bytes(frame[at : at + 2]) in TAGS and tags < VLAN_TAGS and len(frame) >= at + 6:
        at, tags = at + 4, tags + 1
    ethertype, packet = int.from_bytes(frame[at : at + 2]), frame[at + 2 :]
    if ethertype == 0x0806:
        return "introduction"
    if ethertype == 0x0800 and len(packet) >= 20:
        if int.from_bytes(packet[6:8]) & 0x1FFF:
            return "later fragment"
        return transport(packet[9], packet[(packet[0] & 15) * 4 :])
    if ethertype == 0x86DD and len(packet) >= 40:
        return transport(packet[6], packet[40:])
    return "other"


def transport(protocol: int, segment: bytes) -> str:
    if protocol == 58:
        return "introduction" if segment and 133 <= segment[0] <= 137 else "other"
    if protocol == 17 and len(segment) >= 8:
        ports = int.from_bytes(segment[:2]), int.from_bytes(segment[2:4])
        return by_port(ports) or ("question" if ports[1] == 443 and is_quic(segment[8:]) else "other")
    if protocol == 6 and len(segment) >= 20:
        ports = int.from_bytes(segment[:2]), int.from_bytes(segment[2:4])
        if 53 in ports:
            return "answer" if ports[0] == 53 else "question"
        data = segment[(segment[12] >> 4) * 4 :]
        return "question" if len(data) >= 6 and data[:2] == b"\x16\x03" and data[5] == 1 else "other"
    return "other"


def by_port(ports: tuple[int, int]) -> str:
    for port, dns in zip(ports, ("answer", "question"), strict=True):
        if port in {67, 68, 546, 547, 5353, 1900}:
            return "introduction"
        if port == 53:
            return dns
    return ""


def is_quic(data: bytes) -> bool:
    if len(data) < 11:
        return False
    google = (data[0] & 0x80 and data[1:3] == b"Q0") or (data[0] & 9 == 9 and data[9:11] == b"Q0")
    return data[0] & 0xC0 == 0xC0 or bool(google)


PORTS = (53, 67, 68, 546, 547, 5353, 1900, 443, 8883, 853, 40_000)
ports = st.sampled_from(PORTS) | st.integers(0, 65_535)
hellos = st.sampled_from(
    [
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
        b"\x16\x03\x03\0\x7a\x02\0\0\x76\x03\x03",  # a server's
        b"\x17\x03\x03\0\x71\x01" + bytes(32),
        b"\xc3\0\0\0\x01\x08" + bytes(30),
        b"\x43" + bytes(30),
        b"\x80Q043" + bytes(30),
        b"\x0d" + bytes(8) + b"Q035" + bytes(30),
        b"\x0d" + bytes(8) + b"Q",
    ]
)
payloads = hellos | st.binary(max_size=40)
bytes_of = {size: st.binary(min_size=size, max_size=size) for size in (2, 3, 4, 6, 8, 10, 11, 14, 32)}


@st.composite
def transports(draw: st.DrawFn) -> tuple[int, bytes]:
    """Return a protocol and what its packet holds."""
    protocol = draw(st.sampled_from((6, 17, 58, 0, 44, 50)))
    addresses = draw(ports).to_bytes(2) + draw(ports).to_bytes(2)
    if protocol == 6:
        words = draw(st.integers(5, 15) | st.integers(0, 4))
        options = bytes(max(words - 5, 0) * 4)
        return 6, addresses + bytes(8) + bytes([words << 4, 24]) + bytes(6) + options + draw(payloads)
    if protocol == 17:
        return 17, addresses + draw(bytes_of[4]) + draw(payloads)
    return protocol, bytes([draw(st.integers(130, 140))]) + draw(payloads)


@st.composite
def packets(draw: st.DrawFn) -> bytes:
    """Return an EtherType and what follows."""
    ethertype = draw(st.sampled_from((0x0800, 0x0800, 0x86DD, 0x86DD, 0x0806, 0x88CC)))
    protocol, segment = draw(transports())
    if ethertype == 0x0800:
        words, fragment = draw(st.integers(5, 15)), draw(st.sampled_from((0, 0, 0x4000, 0x2000, 0x2001, 0x00B9)))
        head = bytes([0x40 | words]) + bytes(5) + fragment.to_bytes(2) + bytes([64, protocol]) + draw(bytes_of[10])
        segment = head + bytes(words * 4 - 20) + segment
    elif ethertype == 0x86DD:
        segment = b"\x60" + draw(bytes_of[3]) + draw(bytes_of[2]) + bytes([protocol, 64]) + draw(bytes_of[32]) + segment
    return ethertype.to_bytes(2) + segment


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """Return a frame of some kind, maybe cut, maybe padded, or any bytes."""
    macs = st.sampled_from((SPEAKER, LEARNT, NEW, ROUTER, 0xFFFF_FFFF_FFFF)) | st.integers(0, 2**48 - 1)
    head = draw(macs).to_bytes(6) + draw(macs).to_bytes(6)
    tags = b"".join(tag.to_bytes(2) + b"\0\7" for tag in draw(st.lists(st.sampled_from(TAGS), max_size=VLAN_TAGS + 1)))
    frame = head + tags + draw(packets())
    frame += bytes(draw(st.sampled_from((0, 0, 60, 300))))
    return frame[: draw(st.integers(14, len(frame)))] if draw(st.booleans()) else frame


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """A wire without a network; its right end takes filters."""
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    with left, right:
        yield left, right


def kept(pair: Pair, program: Program, frame: bytes) -> int:
    """Return how many bytes of a frame the kernel keeps."""
    left, right = pair
    attach(right, program)
    left.send(frame)
    try:
        return len(right.recv(WHOLE))
    except BlockingIOError:
        return 0


@settings(max_examples=1000)
@given(frame=frames() | st.binary(min_size=14, max_size=400))
def test_the_kernel_keeps_what_the_rule_says(pair: Pair, frame: bytes) -> None:
    """Of every frame, whole, cut or nonsense, the kernel keeps what the rule says, of a house and of all."""
    assert kept(pair, house(WATCHED), frame) == min(rule(frame, WATCHED), len(frame))
    assert kept(pair, everything(64), frame) == min(rule(frame, Watched(), 64), len(frame))


@given(
    frame=frames(),
    speakers=st.frozensets(st.integers(0, 2**48 - 1), max_size=FILTER_MACS),
    learnt=st.frozensets(st.integers(0, 2**48 - 1), max_size=FILTER_MACS),
    known=st.integers(0, 3),
)
def test_any_house_is_watched_so(
    pair: Pair, frame: bytes, speakers: frozenset[int], learnt: frozenset[int], known: int
) -> None:
    """Whichever and however many the devices are, the kernel takes the filter and goes by the rule."""
    source = {int.from_bytes(frame[6:12])}
    watched = Watched(speakers | source if known & 1 else speakers, learnt | source if known & 2 else learnt)
    if len(watched.learnt - watched.speakers) <= FILTER_MACS and len(watched.speakers) <= FILTER_MACS:
        learnt_only = Watched(watched.speakers, watched.learnt - watched.speakers)
        assert kept(pair, house(watched), frame) == min(rule(frame, learnt_only), len(frame))


def test_the_largest_house_fits(pair: Pair) -> None:
    """As many speakers and learnt devices as may be, no two of one vendor, make a program that the kernel takes."""
    speakers = [(number << 32) | number for number in range(FILTER_MACS)]
    learnt = [(number << 32) | number for number in range(FILTER_MACS, 2 * FILTER_MACS)]
    watched = Watched(frozenset(speakers), frozenset(learnt))
    assert len(house(watched)) <= FILTER_INSTRUCTIONS
    question = b"\x86\xdd" + bytes(6) + b"\x11" + bytes(33) + b"\x9c\x40\0\x35" + bytes(300)
    for number in range(2 * FILTER_MACS + 1):
        mac = ((number << 32) | number).to_bytes(6)
        frame = ROUTER.to_bytes(6) + mac + question
        assert kept(pair, house(watched), frame) == min(rule(frame, watched), len(frame))


def test_a_flood_of_speakers_blinds_nobody(pair: Pair) -> None:
    """With more speakers than a filter holds, headers are kept of everything; of too many learnt some are new again."""
    many = frozenset(range(FILTER_MACS + 1))
    assert house(Watched(speakers=many)) == everything(DOWNSTREAM_BYTES)
    crowd = house(Watched(learnt=many))
    arp = bytes(12) + b"\x08\x06" + bytes(46)
    assert kept(pair, crowd, arp) == len(arp)
