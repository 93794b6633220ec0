# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Coverage
from appliance.judge.coverage import Coverages
from appliance.limits import JUDGE_EARS, JUDGE_STRETCHES

spans = st.tuples(st.integers(0, 40), st.integers(0, 10)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def covering(*stretches: tuple[float, float], lost: int = 0) -> Coverages:
    coverages = Coverages(0.1)
    for start, end in stretches:
        coverages.feed(Coverage(start, end, "a", lost))
    return coverages


@given(st.lists(spans, max_size=12), spans)
def test_against_instants(stretches: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    """Stretches in any order cover a span exactly if every instant of it lies in one of them."""
    coverages = covering(*stretches)
    start, end = asked
    halves = {2 * start_ + half for start_, end_ in stretches for half in range(2 * (end_ - start_) + 1)}
    whole = all(half in halves for half in range(2 * start, 2 * end + 1))
    assert coverages.covered("a", start, end) is whole


@given(st.lists(spans, max_size=12))
def test_share(stretches: list[tuple[int, int]]) -> None:
    """The share is the part of the span that was watched, each instant once."""
    seconds = {second for start, end in stretches for second in range(start, end)}
    share = covering(*stretches).share("a", 10, 30)
    assert abs(share - len(seconds & set(range(10, 30))) / 20) < 1e-9


def test_a_gap_too_small_for_a_word() -> None:
    """Stretches that nearly touch are one; others are not."""
    assert covering((0, 5), (5.1, 9)).covered("a", 1, 8)
    assert not covering((0, 5), (5.2, 9)).covered("a", 1, 8)


def test_lossy_stretches() -> None:
    """A stretch with losses covers nothing, is counted, and counts as a report."""
    coverages = covering((0, 9), lost=3)
    assert not coverages.covered("a", 1, 2)
    assert coverages.reached("a") == 9
    assert coverages.lost(["a"], 5, 6) == 3
    assert coverages.lost(["b"], 5, 6) == 0
    assert coverages.lost(["a"], 10, 11) == 0


def test_nobody_knows() -> None:
    """A source that never reported covers nothing."""
    coverages = covering()
    assert not coverages.covered("a", 1, 1)
    assert coverages.share("a", 1, 2) == 0
    assert coverages.reached("a") == float("-inf")


def test_forgets() -> None:
    """What ended long ago is dropped, what reaches into the time asked for is kept whole."""
    coverages = covering((0, 5), (10, 50))
    coverages.forget(20)
    assert not coverages.covered("a", 1, 2)
    assert coverages.covered("a", 10, 50)


def test_bounds() -> None:
    """Stretches and sources are bounded; of the stretches the oldest goes."""
    coverages = covering(*((n, n + 0.5) for n in range(JUDGE_STRETCHES + 1)))
    assert not coverages.covered("a", 0, 0.5)
    assert coverages.covered("a", 1, 1.5)
    for n in range(JUDGE_EARS + 2):
        coverages.feed(Coverage(0, 1, f"ear-{n}"))
    assert coverages.refused == 2
