# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import PieceKind
from appliance.flows.cut import CutRecords, record_headers
from tests.flows.wire import record

SIZES = st.lists(st.integers(1, 5000), min_size=1, max_size=8)


def pieces(segments: list[bytes], kept: int = 5, cut: CutRecords | None = None) -> list[int]:
    """Return the lengths of the pieces that segments stand for, of each of which only the begin is there."""
    cut = cut or CutRecords()
    found = [piece for segment in segments for piece in cut.feed(len(segment), segment[:kept], tls=True)]
    assert {kind for kind, _ in found} <= {PieceKind.PAYLOAD}
    return [length for _, length in found]


def segmented(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(SIZES, st.integers(1, 1460))
def test_a_record_is_one_piece_however_many_segments_it_takes(sizes: list[int], segment: int) -> None:
    """Where each record begins a segment, the pieces are the records."""
    sent = [part for size in sizes for part in segmented(record(size), max(segment, 5))]
    assert pieces(sent) == sizes


@given(SIZES, st.integers(5, 1460))
def test_no_bytes_are_made_up(sizes: list[int], segment: int) -> None:
    """Wherever records lie in segments, no more bytes come out than went in."""
    stream = b"".join(map(record, sizes))
    cut = CutRecords()
    assert sum(pieces(segmented(stream, segment), cut=cut)) + cut.lose() <= len(stream)


def test_what_begins_in_the_middle_of_a_segment_stands_for_itself() -> None:
    """Behind the end of a record the rest of its segment is a piece; then the next header is believed again."""
    stream = record(2000) + record(113)
    assert pieces([stream[:1400], stream[1400:], record(300)]) == [2000, 113, 300]


def test_a_handshake_is_no_data_in_any_of_its_segments() -> None:
    """A certificate of several segments is passed over as a whole."""
    assert pieces([*segmented(record(4000, kind=22), 1400), record(113)]) == [113]


def test_headers_within_a_segment_are_followed() -> None:
    """As far as the bytes go that are there, records are told apart, also behind one that a segment before began."""
    stream = record(2000) + record(113) + record(40) + record(113) + record(300)
    assert pieces([stream[:1400], stream[1400:]], kept=1400) == [2000, 113, 40, 113, 300]
    assert pieces([record(113) + record(40) + record(300)], kept=130) == [113, 40, 300]


def test_joined_in_the_middle_the_first_header_shows_the_place() -> None:
    """Bytes before the first header that is to be seen stand for themselves, and the records behind it are found."""
    stream = bytes(105) + record(113) + record(40)
    assert pieces([stream], kept=230) == [100, 113, 40]


@given(st.lists(st.integers(0, 300), max_size=20), st.integers(1, 30))
def test_record_headers(sizes: list[int], most: int) -> None:
    """Of a stream of records the place of each header is told, up to so many; of bytes without one, nothing."""
    at = [sum(5 + size for size in sizes[:number]) for number in range(len(sizes))]
    assert record_headers(b"".join(map(record, sizes)), most) == at[:most]
    assert record_headers(bytes(sum(sizes)), most) == []


def test_what_was_lost_in_between_ends_the_record() -> None:
    """Of a record that a hole broke, what had come is known, once."""
    cut = CutRecords()
    assert pieces([record(2000)[:1400]], cut=cut) == []
    assert (cut.lose(), cut.lose()) == (1400, 0)
    assert pieces([record(113)], cut=cut) == [113]
