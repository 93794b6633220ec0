# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.ears.frames import Frames


@given(st.lists(st.integers(0, 50), max_size=12), st.integers(1, 20))
def test_nothing_is_lost_or_heard_twice(sizes: list[int], length: int) -> None:
    """However sound is cut, the frames are the sound in order, each with the count of samples to its end."""
    sound = np.arange(sum(sizes), dtype=np.int16)
    frames, found, at = Frames(length), [], 0
    for size in sizes:
        found += list(frames.feed(sound[at : at + size]))
        at += size
    assert [end for end, _ in found] == [length * (n + 1) for n in range(sum(sizes) // length)]
    assert [value for _, frame in found for value in frame.tolist()] == sound[: sum(sizes) // length * length].tolist()


def test_after_a_reset_counting_begins_anew() -> None:
    """What waited is forgotten."""
    frames = Frames(4)
    list(frames.feed(np.ones(6, np.int16)))
    frames.reset()
    assert [(end, frame.tolist()) for end, frame in frames.feed(np.arange(4, dtype=np.int16))] == [(4, [0, 1, 2, 3])]
