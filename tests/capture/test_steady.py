# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.steady import Steady
from appliance.clocks import Reading
from appliance.events import Correction
from appliance.limits import CLOCK_NOISE_NS, CLOCK_STEPS, FRAME_LATE_NS

MS, SECOND = 1_000_000, 1_000_000_000
BOOT, ANCHOR = 50 * SECOND, 1_790_000_000 * SECOND  # when the test begins, by CLOCK_BOOTTIME; the anchor

Step = tuple[int, int]  #: when the clock was set, and by how much; in ns


class World:
    """A machine whose clock is set now and then; times are ns of CLOCK_BOOTTIME."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps

    def wall(self, time: int) -> int:
        """Return what the clock on the wall shows."""
        return time + ANCHOR + sum(by for at, by in self.steps if at <= time)

    def reading(self, time: int) -> Reading:
        """Read the clocks."""
        return Reading(self.wall(time), time, synchronised=False)


def watched(frames: Sequence[int], delays: Sequence[int], turns: Sequence[int], steps: Sequence[Step]) -> list[int]:
    """Return where frames of such times are placed, if each can be read a delay later, at the first turn then."""
    world = World(steps)
    steady = Steady(ANCHOR, world.reading(BOOT))
    ready = np.maximum.accumulate([frame + delay for frame, delay in zip(frames, delays, strict=True)])
    placed: list[int] = []
    for turn in turns:
        count = int((ready <= turn).sum())
        steady.look(world.reading(turn))
        placed += (
            steady.place(np.array([world.wall(frame) for frame in frames[len(placed) : count]], np.int64))
        ).tolist()
    return [time - ANCHOR for time in placed]


def in_a_row(gaps: Sequence[int]) -> list[int]:
    return (BOOT + np.cumsum(gaps)).tolist() if gaps else []


def turns_until(end: int, every: Sequence[int]) -> list[int]:
    """Return times of reading, in a rhythm, to some time after the end."""
    turns = [BOOT]
    while turns[-1] < end + SECOND:
        turns.append(turns[-1] + every[len(turns) % len(every)])
    return turns


delays = st.integers(0, 100 * MS)
traffic = st.lists(st.tuples(st.integers(0, 40 * MS) | st.integers(0, 50_000), delays), min_size=1, max_size=200)
rhythms = st.lists(st.integers(MS, 80 * MS), min_size=1, max_size=10)
large = st.integers(SECOND, 10**9 * SECOND) | st.integers(-(10**9) * SECOND, -SECOND)
any_size = large | st.integers(-SECOND, SECOND)


@st.composite
def steps(draw: st.DrawFn, sizes: st.SearchStrategy[int], apart: int, most: int = 4) -> list[Step]:
    """Return settings of the clock, each at least ``apart`` ns after the one before."""
    times = in_a_row(draw(st.lists(st.integers(apart, apart + SECOND), max_size=most)))
    return [(time, draw(sizes)) for time in times]


@given(traffic, rhythms, steps(large, 0))
def test_no_step_moves_a_frame(traffic: list[tuple[int, int]], rhythm: list[int], steps: list[Step]) -> None:
    """Wherever in a block the clock is set by a second or by years, back or forth, each frame has its true time."""
    gaps, delays = zip(*traffic, strict=True)
    frames = in_a_row(gaps)
    steps = [step for before, step in pairwise([(0, 0), *steps]) if step[0] - before[0] > 2 * max(rhythm)]
    assert watched(frames, delays, turns_until(frames[-1], rhythm), steps) == frames


@given(
    gaps=st.lists(st.integers(1000, MS), min_size=20, max_size=200),
    size=st.integers(3 * MS, SECOND),
    back=st.booleans(),
)
def test_a_small_step_is_found_in_dense_traffic(gaps: list[int], size: int, *, back: bool) -> None:
    """Also a step that is small is where a block's stamps jump, if frames come closer together than it is large."""
    frames = in_a_row(gaps)
    steps = [(frames[len(frames) // 2], -size if back else size)]
    assert watched(frames, [0] * len(frames), [BOOT, frames[-1] + MS], steps) == frames


@given(traffic, rhythms, steps(any_size, 0, 12))
def test_nothing_is_lost_or_put_in_another_order(
    traffic: list[tuple[int, int]], rhythm: list[int], steps: list[Step]
) -> None:
    """However often and by however little the clock is set, each frame has one time, near its own."""
    gaps, delays = zip(*traffic, strict=True)
    frames = in_a_row(gaps)
    placed = watched(frames, delays, turns_until(frames[-1], rhythm), steps)
    assert len(placed) == len(frames)
    assert max(abs(time - frame) for time, frame in zip(placed, frames, strict=True)) <= FRAME_LATE_NS + 2 * max(rhythm)


@given(traffic, rhythms, steps(large, SECOND))
def test_frames_of_two_processors_may_change_places(
    traffic: list[tuple[int, int]], rhythm: list[int], steps: list[Step]
) -> None:
    """Stamps that are out of order by some microseconds stay as they are, beside a step too."""
    gaps, delays = zip(*traffic, strict=True)
    frames = in_a_row(gaps)
    disordered = [frame + 20_000 * (number % 2) for number, frame in enumerate(frames)]
    later = [delay + 20_000 for delay in delays]
    assert watched(disordered, later, turns_until(frames[-1], rhythm), steps) == disordered


@given(rhythms, steps(any_size, 0, 12))
def test_corrections_lead_to_the_wall_clock(rhythm: list[int], steps: list[Step]) -> None:
    """Steady time and the last correction give what the clock on the wall shows."""
    world = World(steps)
    steady = Steady(ANCHOR, world.reading(BOOT))
    last = steady.start
    for turn in turns_until(BOOT + 5 * SECOND, rhythm)[1:]:
        correction = steady.look(world.reading(turn))
        if correction:
            assert last.time <= correction.time <= (turn + ANCHOR) / 1e9
            last = correction
        shown = (turn + ANCHOR) / 1e9 + last.offset
        assert abs(shown - world.wall(turn) / 1e9) <= CLOCK_NOISE_NS / 1e9 + 1e-6


@given(st.lists(st.integers(-CLOCK_NOISE_NS // 2, CLOCK_NOISE_NS // 2), max_size=50))
def test_two_clocks_are_never_read_quite_at_once(noise: list[int]) -> None:
    """What the reading itself is wrong by is no step, and moves no frame."""
    steady = Steady(ANCHOR, Reading(BOOT + ANCHOR, BOOT, synchronised=True))
    for number, wrong in enumerate(noise, 1):
        now = BOOT + number * 50 * MS
        assert steady.look(Reading(now + ANCHOR + wrong, now, synchronised=True)) is None
        assert steady.place(np.array([now + ANCHOR - MS])).tolist() == [now + ANCHOR - MS]


def test_synchronisation_is_told() -> None:
    """That a time server took over is a correction of its own, even where the clock was right before."""
    steady = Steady(ANCHOR, Reading(BOOT + ANCHOR, BOOT, synchronised=False))
    assert steady.start == Correction((BOOT + ANCHOR) / 1e9, 0.0, synchronised=False)
    told = steady.look(Reading(BOOT + SECOND + ANCHOR, BOOT + SECOND, synchronised=True))
    assert told == Correction((BOOT + SECOND + ANCHOR) / 1e9, 0.0, synchronised=True)


def test_a_clock_that_is_set_all_the_time() -> None:
    """Of ever so many steps in no time, the last few are minded."""
    steps = [(BOOT + number * MS, (-1) ** number * SECOND) for number in range(1, 10 * CLOCK_STEPS)]
    frames = in_a_row([MS // 2] * 20 * CLOCK_STEPS)
    placed = watched(frames, [0] * len(frames), turns_until(frames[-1], [MS]), steps)
    assert len(placed) == len(frames)


def test_a_clock_that_was_set_and_set_back() -> None:
    """What happened between two readings went unseen; frames of then are placed near, not years away."""
    steps = [(BOOT + 10 * MS, 10**9 * SECOND), (BOOT + 20 * MS, -(10**9) * SECOND)]
    frames = [BOOT + 5 * MS, BOOT + 15 * MS, BOOT + 25 * MS]
    first, second, third = watched(frames, [0] * 3, [BOOT, BOOT + 30 * MS], steps)
    assert (first, third) == (frames[0], frames[2])
    assert abs(second - frames[1]) <= FRAME_LATE_NS
