# SPDX-License-Identifier: GPL-2.0-or-later
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from appliance.report.spans import Span, clipped, joined, without

moments = st.integers(0, 60)
spans = st.lists(st.tuples(moments, st.integers(1, 20)).map(lambda pair: Span(pair[0], pair[0] + pair[1])), max_size=8)


def seconds_in(some: list[Span]) -> set[int]:
    return {second for span in some for second in range(int(span.start), int(span.end))}


@given(spans)
def test_joining_keeps_every_second_and_leaves_gaps_only(some: list[Span]) -> None:
    """Joined spans cover the same seconds, in order, with a gap between any two."""
    result = joined(some)
    assert seconds_in(result) == seconds_in(some)
    assert all(before.end < after.start for before, after in pairwise(result))


@given(spans, spans)
def test_cutting_holes_out_is_set_difference(some: list[Span], holes: list[Span]) -> None:
    """What is left covers exactly the seconds of the spans that no hole covers."""
    assert seconds_in(list(without(joined(some), joined(holes)))) == seconds_in(some) - seconds_in(holes)


@given(spans)
def test_clipping_keeps_what_is_inside(some: list[Span]) -> None:
    """Clipped spans cover exactly the seconds inside the window."""
    assert seconds_in(list(clipped(some, Span(20, 40)))) == {s for s in seconds_in(some) if 20 <= s < 40}


def test_neighbours_within_reach_are_one() -> None:
    """Spans no further apart than asked become one."""
    assert joined([Span(0, 1), Span(3, 4)], within=2) == [Span(0, 4)]
    assert joined([Span(0, 1), Span(3.1, 4)], within=2) == [Span(0, 1), Span(3.1, 4)]
