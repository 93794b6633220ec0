# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import RETRIES_S, RETRY_LATEST_S
from appliance.notify.backoff import retry_at


@given(st.integers(1, 100), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_waits_are_spread_and_bounded(tries: int, chance: float, asked: float | None) -> None:
    """A wait is never more than a quarter shorter than its step, never shorter than asked, and has an end."""
    wait = retry_at(0.0, tries, chance, asked)
    step = RETRIES_S[min(tries, len(RETRIES_S)) - 1]
    assert min(step * 0.75, RETRY_LATEST_S) <= wait <= RETRY_LATEST_S
    assert wait >= min(asked or 0.0, RETRY_LATEST_S)


def test_waits_grow() -> None:
    """Each failure is followed by a longer wait than the one before, until the longest."""
    waits = [retry_at(0.0, tries, 0.5) for tries in range(1, 8)]
    assert waits == sorted(waits)
    assert waits[0] == RETRIES_S[0]
    assert waits[-1] == RETRIES_S[-1]
