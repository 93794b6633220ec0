# SPDX-License-Identifier: GPL-2.0-or-later
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.ears.block import Block
from appliance.ears.engine import RATE
from appliance.ears.stream import Form, Stream

PERIOD_S = 0.05


def fed(stream: Stream, seconds: float, ppm: float = 0.0, start: float = 100.0, late: float = 0.0) -> list[Block]:
    """Feed what a sound card gives whose clock is so many parts in a million slow."""
    size = round(PERIOD_S * RATE)
    period = PERIOD_S * (1 + ppm / 1e6)
    blocks: list[Block] = []
    for at in range(round(seconds / PERIOD_S)):
        delay = late if at % 3 else 0.0
        blocks += stream.feed(np.full(size, at % 100, np.int16).tobytes(), start + (at + 1) * period + delay)
    return blocks


def test_time_is_that_of_the_first_sample() -> None:
    """What was fetched at a time ended then, and each block begins where the one before ended."""
    blocks = fed(Stream(Form()), 2.0)
    assert blocks[0].time == pytest.approx(100.0)
    assert blocks[-1].ended_at == pytest.approx(102.0)
    assert all(after.time == pytest.approx(before.ended_at) for before, after in itertools.pairwise(blocks))


@pytest.mark.parametrize("ppm", [-150.0, 150.0])
def test_a_clock_that_drifts_is_followed_without_a_step(ppm: float) -> None:
    """After half an hour with a poor sound card the time is right within a few milliseconds, and nothing was lost."""
    blocks = fed(Stream(Form()), 1800.0, ppm, late=0.03)
    assert blocks[-1].ended_at == pytest.approx(100.0 + 1800.0 * (1 + ppm / 1e6), abs=0.005)
    assert not any(block.lost for block in blocks)
    assert {block.time - before.ended_at for before, block in itertools.pairwise(blocks)} == {0.0}


def test_fetching_late_moves_no_time() -> None:
    """A reader that was held up for a second finds the same times."""
    stream = Stream(Form())
    fed(stream, 2.0)
    held_up = list(stream.feed(np.zeros(RATE, np.int16).tobytes(), 103.4))
    assert held_up[0].time == pytest.approx(102.0)
    assert held_up[-1].ended_at == pytest.approx(103.0)


def test_what_the_driver_lost_is_between_two_blocks() -> None:
    """The next block begins later by what was lost, and says how much that is."""
    stream = Stream(Form())
    fed(stream, 2.0)
    after = list(stream.feed(np.zeros(800, np.int16).tobytes(), 102.35, 0.3))
    assert after[0].time == pytest.approx(102.3)
    assert after[0].lost == pytest.approx(4800)
    assert fed(stream, 3.0, start=102.35)[-1].ended_at == pytest.approx(105.35, abs=0.002)


def test_samples_that_are_missing_are_noticed() -> None:
    """A device that leaves something out, and says nothing, is found out within five seconds."""
    stream = Stream(Form())
    fed(stream, 5.0)
    blocks = fed(stream, 5.0, start=105.5)
    assert sum(block.lost for block in blocks) == pytest.approx(8000, abs=20)
    assert blocks[-1].ended_at == pytest.approx(110.5, abs=0.002)


def test_a_device_that_gives_too_much_keeps_no_time_of_its_own() -> None:
    """Its blocks come back to the clock, instead of running into the future."""
    stream = Stream(Form())
    for at in range(20):
        blocks = list(stream.feed(np.zeros(RATE, np.int16).tobytes(), 100.0 + at / 20))
    assert blocks[-1].ended_at == pytest.approx(100.95, abs=0.3)


@pytest.mark.parametrize(
    ("form", "frames"),
    [
        (Form(16_000, 2, None, 2), np.stack([np.full(16_000, 3000), np.full(16_000, 1000)], axis=1).astype("<i2")),
        (Form(16_000, 2, 1, 2), np.stack([np.zeros(16_000), np.full(16_000, 2000)], axis=1).astype("<i2")),
        (Form(48_000, 1, None, 4), np.full((48_000, 1), 2000 << 16).astype("<i4")),
        (Form(44_100, 4, 0, 4), np.tile(np.array([[2000, 1, 2, 3]]) << 16, (44_100, 1)).astype("<i4")),
    ],
)
def test_any_form_becomes_16_khz_mono(form: Form, frames: np.ndarray) -> None:
    """A second of any rate, width and number of channels is a second of the channel that was asked for."""
    raw, stream = frames.tobytes(), Stream(form)
    blocks = list(stream.feed(raw, 101.0)) + list(stream.feed(raw, 102.0))
    sound = np.concatenate([block.samples for block in blocks])
    assert sound.size == pytest.approx(2 * RATE, abs=200)
    assert np.median(sound) == pytest.approx(2000, abs=2)


@given(st.lists(st.binary(max_size=50), max_size=30), st.sampled_from([Form(), Form(48_000, 3, 2, 4)]))
def test_bytes_may_come_in_any_pieces(pieces: list[bytes], form: Form) -> None:
    """Frames that were torn apart on the way are put together again."""
    stream = Stream(form)
    made = [block.samples for at, piece in enumerate(pieces) for block in stream.feed(piece, 100.0 + at / 1000)]
    whole = b"".join(pieces)
    wholly = Stream(form).feed(whole, 100.0)
    expected = [block.samples for block in wholly]
    assert sum(map(len, made)) == pytest.approx(sum(map(len, expected)), abs=len(pieces))
