# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.uploads.bins import Bins


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 1000)), min_size=1, max_size=100))
def test_the_window_holds_exactly_the_last_bins(pieces: list[tuple[int, int]]) -> None:
    """Total, count and number of filled bins are those of the pieces in the last ten bins, whatever came before."""
    pieces.sort()
    bins = Bins(0.1, 10)
    for tenth, size in pieces:
        bins.add(tenth / 10, size)
    recent = [(tenth, size) for tenth, size in pieces if tenth > pieces[-1][0] - 10]
    assert bins.total == sum(size for _, size in recent)
    assert bins.pieces == len(recent)
    assert len(bins) == len({tenth for tenth, _ in recent})
    assert round(bins.since, 6) == recent[0][0] / 10


def test_parts_of_the_window() -> None:
    """Bytes and filled bins can be asked for from one bin to another, both included."""
    bins = Bins(0.1, 10)
    for tenth in range(5):
        bins.add(tenth / 10, 100 * (tenth + 1))
    assert bins.between(1, 2) == 500
    assert bins.filled(2) == 3
    assert bins.filled(2, most=400) == 2
    bins.clear()
    assert (len(bins), bins.total, bins.pieces) == (0, 0, 0)
