# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import limits
from appliance.flows.bulk import Bulk, Hush

FRAME = st.tuples(
    st.integers(0, 3), st.integers(0, 3_000_000), st.integers(1, 200_000)
)  # flow, us since the last, bytes


def hush(bulk: Bulk, frames: list[tuple[int, int, int]]) -> list[int]:
    """Feed frames of (flow, time, bytes)."""
    keys, times, lengths = (np.array(column) for column in zip(*frames, strict=True))
    return [int(mark) for mark in bulk.feed(keys.astype(np.uint64), times.astype(np.int64), lengths.astype(np.int64))]


@given(st.lists(FRAME, min_size=1, max_size=60), st.integers(1, 20))
def test_chunks_do_not_matter(steps: list[tuple[int, int, int]], chunk: int) -> None:
    """The same frames are muted, however they are fed."""
    frames, now = [], 0
    for flow, gap, length in steps:
        now += gap
        frames.append((flow, now, length))
    whole, parts = Bulk(), Bulk()
    expected = hush(whole, frames)
    assert [mark for at in range(0, len(frames), chunk) for mark in hush(parts, frames[at : at + chunk])] == expected
    assert (
        parts.bytes
        == whole.bytes
        == sum(length for (_, _, length), mark in zip(frames, expected, strict=True) if mark == 1)
    )


def test_voice_is_never_muted() -> None:
    """A pre-roll of 83 kB at once and then 90 kB/s, more than any voice seen, is heard to its end."""
    frames = [(1, 0, 83_000), *((1, 20_000 * n, 1_800) for n in range(3_000))]
    assert set(hush(Bulk(), frames)) == {Hush.HEARD}


def test_bulk_is_muted_and_heard_again_after_a_rest() -> None:
    """At wire speed a flow is muted; another one is not; after the rest its next frame is marked."""
    rest = int(limits.BULK_REST * 1_000_000)
    frames = [(1, n, 100_000) for n in range(8)] + [(2, 8, 1_000), (1, rest, 10), (1, rest + 9, 10), (1, rest + 10, 10)]
    heard, muted, resumed = Hush.HEARD, Hush.MUTED, Hush.RESUMED
    assert hush(Bulk(), frames) == [heard] * 5 + [muted] * 3 + [heard, muted, resumed, heard]


def test_memory_of_rates_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flows that sent little lately are forgotten first: it makes no difference."""
    monkeypatch.setattr(limits, "BULK_FLOWS", 20)
    bulk = Bulk()
    for number in range(50):
        hush(bulk, [(number, number * 1_000_000, 1_000), (1_000, number * 1_000_000, 200_000)])
    assert len(bulk._empty_at) <= 20
    assert 1_000 in bulk._empty_at
