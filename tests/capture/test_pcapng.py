# SPDX-License-Identifier: GPL-2.0-or-later
from struct import pack

import pytest

from appliance.limits import BLOCK_BYTES, INTERFACES
from tests.capture.craft import Ng, read

LITTLE, BIG = Ng("<"), Ng(">")
TIME = 1_500_000_000_123_456


@pytest.mark.parametrize("ng", [LITTLE, BIG])
def test_reads_packets(ng: Ng) -> None:
    """Packets of both byte orders, with options behind them and blocks of other kinds between them, come back."""
    file = ng.section() + ng.interface()
    file += ng.packet(TIME, b"one", options=ng.option(1, b"a comment")) + ng.block(5, bytes(20))
    file += ng.block(0x0BAD, b"custom") + ng.packet(TIME + 1, b"four", wire=96)
    found = read(file)
    assert found.records == [(TIME * 1000, b"one"), (TIME * 1000 + 1000, b"four")]
    assert found.wire == [3, 100]
    assert found.capture.damage is None


@pytest.mark.parametrize("ng", [LITTLE, BIG])
def test_old_and_simple_packets(ng: Ng) -> None:
    """Obsolete packets have a time; simple ones take that of the packet before, and are cut at the snap length."""
    file = ng.section() + ng.interface(snap=5) + ng.simple_packet(b"zero", 4)
    file += ng.old_packet(TIME, b"one") + ng.simple_packet(b"two..", 90) + ng.simple_packet(b"3", 1)
    found = read(file)
    assert found.records == [(0, b"zero"), (TIME * 1000, b"one"), (TIME * 1000, b"two.."), (TIME * 1000, b"3")]
    assert found.wire == [4, 3, 90, 1]


@pytest.mark.parametrize(
    ("resolution", "units", "nanoseconds"),
    [
        (0, 1_500_000_000, 1_500_000_000_000_000_000),
        (3, 1_500_000_000_123, 1_500_000_000_123_000_000),
        (9, 1_500_000_000_123_456_789, 1_500_000_000_123_456_789),
        (12, 1_500_000_123_456_789_012, 1_500_000_123_456_789),
        (0x80, 1_500_000_000, 1_500_000_000_000_000_000),
        (0x80 | 10, 1_500_000_000 * 1024 + 512, 1_500_000_000_500_000_000),
        (0x80 | 40, (7 << 40) + (1 << 38), 7_250_000_000),
        (0xFF, 1, 0),
        (30, 10**18, 0),
        (0, 2**63, 2**62 // 10**9 * 10**9),
    ],
)
def test_resolutions(resolution: int, units: int, nanoseconds: int) -> None:
    """Times of any resolution become nanoseconds; those beyond reason the greatest there is."""
    options = LITTLE.option(9, bytes([resolution]))
    file = LITTLE.section() + LITTLE.interface(options=options) + LITTLE.packet(units, b"x")
    assert read(file).records == [(nanoseconds, b"x")]


@pytest.mark.parametrize("ng", [LITTLE, BIG])
def test_time_offset(ng: Ng) -> None:
    """The interface's offset in seconds is added."""
    options = ng.option(14, pack(ng.order + "q", -5)) + ng.option(0, b"")
    file = ng.section() + ng.interface(options=options) + ng.packet(TIME, b"x")
    assert read(file).records == [(TIME * 1000 - 5_000_000_000, b"x")]


def test_interfaces_of_different_kinds() -> None:
    """Packets of interfaces with other link types and clocks come in order, in runs of one link type."""
    nano = LITTLE.option(9, b"\x09")
    file = LITTLE.section() + LITTLE.interface(1) + LITTLE.interface(101, options=nano)
    for number in range(4):
        file += LITTLE.packet(TIME + number, b"e", interface=0) + LITTLE.packet(TIME * 1000, b"r", interface=1)
    found = read(file)
    assert [frame for _, frame in found.records] == [b"e", b"r"] * 4
    assert found.links == [1, 101] * 4
    assert found.records[1][0] == TIME * 1000


def test_sections_of_different_byte_order() -> None:
    """Each section has its own byte order and interfaces; the first comment is the file's."""
    file = b"".join(
        ng.section(ng.option(1, text)) + ng.interface(link) + ng.packet(TIME, text)
        for ng, link, text in ((LITTLE, 1, b"first"), (BIG, 101, b"second"), (BIG, 113, b"third"), (LITTLE, 1, b"last"))
    )
    found = read(file)
    assert [frame for _, frame in found.records] == [b"first", b"second", b"third", b"last"]
    assert found.links == [1, 101, 113, 1]
    assert found.capture.comment == "first"
    assert found.capture.damage is None


def test_comment_is_hostile_text() -> None:
    """Control characters of the comment are replaced."""
    file = LITTLE.section(LITTLE.option(1, b"a\x1b[31m\n\xff")) + LITTLE.interface()
    assert read(file).capture.comment == "a [31m \ufffd"


def test_big_block() -> None:
    """A block that is longer than what is read at once is read as a whole."""
    file = LITTLE.section() + LITTLE.interface() + LITTLE.block(5, bytes(BLOCK_BYTES - 16)) + LITTLE.packet(TIME, b"x")
    assert read(file).records == [(TIME * 1000, b"x")]


@pytest.mark.parametrize(
    "bad",
    [
        LITTLE.packet(TIME, b"x", interface=1),
        LITTLE.packet(TIME, b"x")[:-1] + b"\1",
        pack("<II", 6, 2),
        pack("<II", 6, 4) + bytes(24),
        pack("<II", 6, BLOCK_BYTES + 4) + bytes(24),
        pack("<II", 6, 0xFFFFFFFF) + bytes(100),
        LITTLE.block(6, pack("<IIIII", 0, 0, 0, 9, 9) + b"12345678"),
        LITTLE.block(1, b"1234"),
        pack("<III", 0x0A0D0D0A, 12, 12),
        LITTLE.block(3, b""),
        b"junk" * 20,
    ],
)
def test_damage(bad: bytes) -> None:
    """A block that cannot be is damage at its begin; all before it was read, nothing behind it."""
    good = LITTLE.section() + LITTLE.interface() + LITTLE.packet(TIME, b"good")
    found = read(good + bad + LITTLE.packet(TIME, b"behind"))
    assert [frame for _, frame in found.records] == [b"good"]
    assert found.capture.damage is not None
    assert found.capture.damage.offset == len(good)


def test_too_many_interfaces() -> None:
    """Interfaces are kept in memory, so a section with too many is damaged."""
    found = read(LITTLE.section() + LITTLE.interface() * (INTERFACES + 1))
    assert found.capture.damage is not None
    assert found.capture.damage.offset == 28 + 20 * INTERFACES


@pytest.mark.parametrize("ng", [LITTLE, BIG])
def test_cut_anywhere(ng: Ng) -> None:
    """Cut at any byte, all whole packets are read, and the damage begins at the cut block."""
    parts = [
        (ng.section(), None),
        (ng.interface(), None),
        (ng.packet(TIME, b"one"), b"one"),
        (ng.block(5, bytes(9)), None),
        (ng.old_packet(TIME, b"two"), b"two"),
        (ng.section(ng.option(1, b"x")), None),
        (ng.interface(101), None),
        (ng.simple_packet(b"three", 5), b"three"),
    ]
    blocks, frames = [block for block, _ in parts], [frame for _, frame in parts]
    ends = [sum(map(len, blocks[: count + 1])) for count in range(len(blocks))]
    for size in range(12, ends[-1]):
        found = read(b"".join(blocks)[:size])
        whole = sum(end <= size for end in ends)
        assert [frame for _, frame in found.records] == [frame for frame in frames[:whole] if frame]
        damage = found.capture.damage
        assert (damage.offset if damage else size) == (ends[whole - 1] if whole else 0)
