# SPDX-License-Identifier: GPL-2.0-or-later
import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from appliance.simulate.calendar import Calendar

spans = st.lists(st.tuples(st.floats(1, 600), st.floats(1, 600)), max_size=150)


@given(spans, st.integers())
def test_what_is_placed_lies_in_the_day_and_apart(wanted: list[tuple[float, float]], seed: int) -> None:
    """No two stretches overlap, and none leaves its day."""
    calendar, dice = Calendar(86_400.0), random.Random(seed)
    placed = sorted(
        (time - before, time + after)
        for before, after in wanted
        if (time := calendar.place(dice, before, after)) is not None
    )
    assert all(start >= 86_400 and end < 2 * 86_400 for start, end in placed)
    assert all(one[1] <= other[0] for one, other in pairwise(placed))


def test_a_full_day_takes_no_more() -> None:
    """Where there is no room, there is no place; the search ends."""
    calendar, dice = Calendar(0.0), random.Random(1)
    placed = [calendar.place(dice, 1800, 1800) for _ in range(60)]
    assert placed[0] is not None
    assert placed[-1] is None


def test_nights_are_quiet() -> None:
    """Nothing is placed between one and five in the morning."""
    calendar, dice = Calendar(0.0), random.Random(2)
    placed = [calendar.place(dice, 5, 5) for _ in range(400)]
    assert not any(time is not None and 3600 <= time < 5 * 3600 for time in placed)
