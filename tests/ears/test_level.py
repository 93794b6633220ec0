# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.ears.level import SILENCE_DB, Floor, level, levels
from tests.ears.sounds import tone


@pytest.mark.parametrize("level_db", [-60.0, -30.0, -6.0])
def test_levels_are_dbfs(level_db: float) -> None:
    """A tone made at a level is measured at it."""
    assert level(tone(1.0, level_db)) == pytest.approx(level_db, abs=0.5)


def test_silence_and_a_constant_are_silent() -> None:
    """Nothing, zeros, and the constant offset that cheap converters have are as silent as it gets."""
    assert (
        level(np.zeros(0, np.int16)) == level(np.zeros(99, np.int16)) == level(np.full(99, 500, np.int16)) == SILENCE_DB
    )


def test_what_is_left_over_waits_for_nobody() -> None:
    """Levels are those of whole frames."""
    assert levels(tone(0.1), 160).shape == (10,)
    assert levels(tone(0.1)[:-1], 160).shape == (9,)


@given(st.lists(st.floats(-96, 0), min_size=1, max_size=60), st.integers(1, 20), st.integers(1, 5))
def test_the_floor_is_the_lowest_smoothed_level_of_late(heard: list[float], frames: int, smooth: int) -> None:
    """The floor is the lowest, over the last frames, of the highest of some levels."""
    floor = Floor(frames, smooth)
    smoothed = [max(heard[max(0, at - smooth + 1) : at + 1]) for at in range(len(heard))]
    expected = [min(smoothed[max(0, at - frames + 1) : at + 1]) for at in range(len(heard))]
    assert [floor.feed(each) for each in heard] == expected
