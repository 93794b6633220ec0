# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest

from appliance.ears.embedding import WIDTH, Embeddings
from appliance.ears.train import bank, train

FRAMES = 4


def made(count: int, seed: int) -> Embeddings:
    return np.random.default_rng(seed).normal(0, 10, (count, WIDTH)).astype(np.float32)


def test_windows_stay_within_their_stretch() -> None:
    """No window of a bank reaches from one stretch of speech into another."""
    streams = [made(6, 0), made(3, 1), made(5, 2)]
    held = bank(streams, FRAMES)
    windows = held.windows(held.ends, FRAMES)
    expected = [each[at : at + FRAMES] for each in streams for at in range(len(each) - FRAMES + 1)]
    assert windows == pytest.approx(np.stack(expected))


def test_a_word_is_told_from_what_is_none() -> None:
    """What has a pattern in it scores high, other speech low, also such as was not learnt from."""
    pattern = made(FRAMES, 9)
    word = pattern + np.random.default_rng(3).normal(0, 5, (200, FRAMES, WIDTH)).astype(np.float32)
    head = train(word[:150], bank([made(3000, 4)], FRAMES), np.random.default_rng(0), steps=300)
    assert head.frames == FRAMES
    assert head.scores(word[150:]).min() > 0.9
    other = bank([made(2000, 5)], FRAMES)
    assert head.scores(other.windows(other.ends, FRAMES)).max() < 0.5


def test_the_same_seed_makes_the_same_head() -> None:
    """Training is repeatable."""
    word, other = made(40, 1).reshape(10, FRAMES, WIDTH), bank([made(500, 2)], FRAMES)
    one, two = (train(word, other, np.random.default_rng(0), steps=210) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.weights, two.weights, strict=True))
