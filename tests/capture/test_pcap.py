# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from tests.capture.craft import Record, pcap, read

RECORDS: list[Record] = [
    (1_500_000_000_123_456_000 + number * 1_000, bytes([number]) * (number * 7)) for number in range(40)
]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("unit", [1000, 1])
def test_reads_every_variant(order: str, unit: int) -> None:
    """Times and bytes come back from files of either byte order and resolution."""
    found = read(pcap(RECORDS, order, unit=unit))
    assert found.records == RECORDS
    assert found.capture.damage is None
    assert found.capture.comment is None


def test_nanoseconds() -> None:
    """A nanosecond file keeps the last digit."""
    assert read(pcap([(7_000_000_001, b"x")], unit=1)).records == [(7_000_000_001, b"x")]


def test_snap_length() -> None:
    """Of a packet cut at capture both lengths are told."""
    found = read(pcap([(1, bytes(100))], snap=40, unit=1))
    assert found.records == [(1, bytes(40))]
    assert found.wire == [100]


def test_link_type() -> None:
    """The link type is that of the file header, without the bits that tell of checksums."""
    assert set(read(pcap(RECORDS, link=113)).links) == {113}
    assert set(read(pcap(RECORDS, link=0x1400_0001)).links) == {1}


def test_no_packets() -> None:
    """A file of nothing but its header is a whole capture without packets."""
    found = read(pcap([]))
    assert (found.records, found.capture.damage) == ([], None)


@pytest.mark.parametrize("junk", [b"\xff" * 40, b"\0" * 40, b"\1\0\0\0\xff\xff\xff\xff\4\0\0\0\4\0\0\0abcd"])
def test_junk_is_damage(junk: bytes) -> None:
    """Where no packet header can be is damage, named with its offset; what is before it was read."""
    whole = pcap(RECORDS)
    found = read(whole + junk)
    assert found.records == RECORDS
    assert found.capture.damage is not None
    assert found.capture.damage.offset == len(whole)


def test_nothing_behind_damage() -> None:
    """No packet is read behind damage, even if one could be."""
    whole = pcap(RECORDS)
    found = read(whole + bytes(16) + whole[24:])
    assert found.records == RECORDS


@pytest.mark.parametrize("order", ["<", ">"])
def test_cut_anywhere(order: str) -> None:
    """Cut at any byte, all whole packets are read, and the damage begins where the cut one does."""
    whole = pcap(RECORDS[:6], order)
    ends = [24]
    for _, frame in RECORDS[:6]:
        ends.append(ends[-1] + 16 + len(frame))
    for size in range(24, len(whole)):
        found = read(whole[:size])
        count = sum(end <= size for end in ends) - 1
        assert found.records == RECORDS[:count]
        damage = found.capture.damage
        assert (damage.offset if damage else size) == ends[count]
