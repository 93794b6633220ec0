# SPDX-License-Identifier: GPL-2.0-or-later
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from appliance.events import PieceKind
from appliance.flows.tls import Records, header
from tests.flows.wire import record

SIZES = st.lists(st.integers(1, 3000), min_size=1, max_size=30)


def cut(stream: bytes, sizes: list[int]) -> list[bytes]:
    parts: list[bytes] = []
    at = 0
    while at < len(stream):
        size = sizes[len(parts) % len(sizes)]
        parts.append(stream[at : at + size])
        at += size
    return parts


def lengths(found: list[tuple[PieceKind, int]]) -> list[int]:
    return [length for kind, length in found if kind is PieceKind.RECORD]


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=20), SIZES)
def test_every_record_once_in_any_segmentation(sizes: list[int], cuts: list[int]) -> None:
    """From a flow's start, the records found are the records sent, however they are cut."""
    records = Records()
    records.feed(record(100, kind=22))
    found = [length for part in cut(b"".join(map(record, sizes)), cuts) for length in lengths(records.feed(part))]
    assert found == sizes


@given(st.integers(0, 1 << 32), st.integers(1, 5000), SIZES)
def test_joined_anywhere_no_record_is_made_up(seed: int, skip: int, cuts: list[int]) -> None:
    """Joined in the middle, what is found is a run of what was sent."""
    random = Random(seed)
    sent = [random.randint(1, 1500) for _ in range(10)]
    stream = b"".join(record(size)[:5] + random.randbytes(size) for size in sent)
    records = Records()
    found = [length for part in cut(stream[skip:], cuts) for length in lengths(records.feed(part))]
    left = iter(sent)
    assert all(length in left for length in found)


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_any_bytes_are_accounted_once(parts: list[bytes]) -> None:
    """Of hostile bytes, none is counted twice, and none vanishes but headers and other records."""
    records = Records()
    total = sum(length for part in parts for _, length in records.feed(part)) + records.lose()
    assert total <= sum(map(len, parts))


def test_bytes_that_are_no_record_stand_for_themselves() -> None:
    """What never was TLS comes out as payload, segment by segment."""
    assert Records().feed(b"POST / HTTP/1.1\r\n") == [(PieceKind.PAYLOAD, 17)]


def test_a_lonely_header_is_not_believed() -> None:
    """A header without sync counts only once the record's end is confirmed."""
    records = Records()
    assert records.feed(record(113)[:50]) == []
    assert records.feed(bytes(68) + b"nothing like a header") == [(PieceKind.PAYLOAD, 118 + 21)]
    assert not records.sure


def test_a_segment_that_ends_with_its_record_confirms_it() -> None:
    """A record that ends where a segment ends is believed."""
    records = Records()
    assert records.feed(record(113)) == [(PieceKind.RECORD, 113)]
    assert records.sure


def test_handshake_and_alert_records_are_no_pieces() -> None:
    """Only application data makes pieces."""
    assert Records().feed(record(40, kind=22) + record(1, kind=20) + record(2, kind=21) + record(9)) == [
        (PieceKind.RECORD, 9)
    ]


def test_loss_forgets_the_place() -> None:
    """After a loss the rest of a broken record is not taken for one."""
    records = Records()
    records.feed(record(100) + record(200)[:50])
    assert records.lose() == 50
    assert records.feed(bytes(155) + record(33)) == [(PieceKind.PAYLOAD, 155 + 38)]
    assert records.feed(record(33)) == [(PieceKind.RECORD, 33)]


def test_a_header_needs_its_five_bytes() -> None:
    """Less than five bytes are no header, nor is an impossible length."""
    assert header(record(5)[:4]) is None
    assert header(b"\x17\x03\x03\xff\xff") is None
    assert header(b"\x17\x03\x03\x41\x00") == (23, 16_640)
