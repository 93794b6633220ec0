# SPDX-License-Identifier: GPL-2.0-or-later
import itertools
import struct

from hypothesis import given
from hypothesis import strategies as st

from appliance.flows.dns_streams import DnsStreams
from appliance.limits import DNS_STREAMS

MESSAGES = st.lists(st.binary(max_size=300), min_size=1, max_size=6)


def cut(data: bytes, places: list[int]) -> list[tuple[int, bytes]]:
    """Cut a stream at the places; return its segments with where each begins."""
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [(at, data[at:end]) for at, end in itertools.pairwise(edges) if end > at]


@given(MESSAGES, st.lists(st.integers(0, 10_000), max_size=8), st.randoms())
def test_any_segments_give_the_same_messages(messages: list[bytes], places: list[int], chance: object) -> None:
    """However a stream is cut, and whichever segments come twice, its messages come out whole and once."""
    data = b"".join(struct.pack(">H", len(message)) + message for message in messages)
    segments = cut(data, places)
    streams = DnsStreams()
    found: list[bytes] = []
    for at, segment in segments:
        for _ in range(1 + getattr(chance, "randrange")(2)):  # noqa: B009 - hypothesis gives a Random without its type
            found += streams.feed("one", 0, at, len(segment), segment)
    assert found == messages


def test_a_hole_does_not_mix_messages() -> None:
    """After bytes that the capture missed, what follows is a new message, not the end of an old one."""
    streams = DnsStreams()
    assert not [*streams.feed("one", 0, 0, 4, b"\x00\x09ab")]
    assert not [*streams.feed("one", 0, 5_000_000, 4, b"\x00\x09cd")]
    assert [*streams.feed("one", 0, 5_000_004, 7, b"efghijk")] == [b"cdefghijk"]


def test_a_cut_segment_ends_its_message() -> None:
    """Where the snap length cut bytes off, the message is lost and the next one is not."""
    streams = DnsStreams()
    assert not [*streams.feed("one", 0, 0, 11, b"\x00\x09abc")]
    assert [*streams.feed("one", 0, 11, 3, b"\x00\x01d")] == [b"d"]


def test_connections_are_bounded_and_counted() -> None:
    """A flood of connections forgets the oldest and says so."""
    streams = DnsStreams()
    for number in range(DNS_STREAMS + 5):
        assert not [*streams.feed(number, 0, 0, 3, b"\x00\x09a")]
    assert streams.evicted == 5
