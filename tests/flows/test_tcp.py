# SPDX-License-Identifier: GPL-2.0-or-later
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from appliance import limits
from appliance.flows.tcp import Order, Span

STREAM = Random(7).randbytes(4000)
START = (1 << 32) - 1500  # the sequence numbers wrap within the stream


def joined(spans: list[Span]) -> bytes:
    return b"".join(bytes(span.data) for span in spans)


@given(st.integers(), st.integers(20, 600))
def test_any_order_gives_the_stream(seed: int, largest: int) -> None:
    """Cut, repeated, overlapping and shuffled, the stream comes out in order and once."""
    random = Random(seed)
    parts = []
    at = 0
    while at < len(STREAM):
        size = random.randint(1, largest)
        begin = max(0, at - random.choice([0, 0, 0, 5, 200]))
        parts.append((begin, STREAM[begin : at + size]))
        at += size
    parts += random.choices(parts, k=5)
    random.shuffle(parts)
    order = Order(START)
    spans = [span for at, part in parts for span in order.feed(0, (START + at) % (1 << 32), len(part), part)]
    assert joined(spans) == STREAM
    assert all(span.lost is None for span in spans)
    assert order.held_bytes == 0


@given(st.integers(), st.sets(st.integers(1, 38), min_size=1, max_size=10))
def test_what_is_lost_is_reported_and_nothing_else(seed: int, missing: set[int]) -> None:
    """With segments missing, all others come out in order, and the lost bytes add up."""
    parts = [(at, STREAM[at * 100 : at * 100 + 100]) for at in range(40) if at not in missing]
    first, rest = parts[0], parts[1:]
    Random(seed).shuffle(rest)
    order = Order(START)
    spans = [span for at, part in [first, *rest] for span in order.feed(0, (START + at * 100) % (1 << 32), 100, part)]
    spans += order.flush()
    assert joined(spans) == b"".join(part for _, part in parts)
    assert sum(span.lost or 0 for span in spans) == 100 * len(missing)


def test_a_keep_alive_probe_is_nothing() -> None:
    """A probe repeats the byte before the next one."""
    order = Order(500)
    order.feed(0, 500, 10, bytes(10))
    assert order.feed(1, 509, 1, b"\0") == []


def test_what_waits_is_bounded_in_bytes() -> None:
    """A hole is given up when too much waits behind it."""
    order = Order(0)
    spans = [span for at in range(10) for span in order.feed(0, 1000 + at * 65_000, 65_000, bytes(65_000))]
    assert spans[0].lost == 1000
    assert order.held_bytes <= limits.HELD_BYTES


def test_what_waits_is_bounded_in_segments() -> None:
    """A hole is given up when too many segments wait behind it."""
    order = Order(0)
    spans = [span for at in range(limits.HELD_SEGMENTS + 1) for span in order.feed(0, 1000 + 2 * at, 1, b"x")]
    assert [span.lost for span in spans] == [1000]


def test_a_far_jump_ahead_is_a_loss_and_one_back_a_beginning() -> None:
    """A number beyond every window is followed: ahead the capture missed that much, behind it is another connection."""
    order = Order(0)
    assert order.feed(0, 100_000_000, 3, b"abc") == [Span(100_000_000, 3, b"abc")]
    assert order.feed(0, 3, 3, b"def") == [Span(0, 3, b"def")]
    assert order.feed(0, 6, 3, b"ghi") == [Span(None, 3, b"ghi")]


def test_the_hole_knows_since_when_it_is_waited_for() -> None:
    """The time of a hole is when the segment behind it came."""
    order = Order(0)
    waits = [order.waits_since]
    for time, at in ((7, 10), (8, 20), (9, 0)):
        order.feed(time, at, 5, bytes(5))
        waits.append(order.waits_since)
    order.feed(9, 5, 5, bytes(5))
    assert [*waits, order.waits_since] == [None, 7, 7, 7, 8]
