# SPDX-License-Identifier: GPL-2.0-or-later
"""A small helping of bench/fuzz.py with every run of the tests."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz import BATCH, AllStages, Parser, parsers
from bench.mutations import frames, mutated

PARSERS = list(parsers(random.Random(0)))[1:]
FRAMES = frames()


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
@given(seed=st.integers(0, 2**64))
@settings(max_examples=40)
def test_parsers_keep_their_word(parser: Parser, seed: int) -> None:
    """On damaged inputs a parser returns or raises what it says it raises."""
    rng = random.Random(seed)
    for _ in range(5):
        parser.one(mutated(rng, parser.seeds))
    assert not parser.broken


@given(seed=st.integers(0, 2**64))
@settings(max_examples=10)
def test_all_stages_take_any_frames(seed: int) -> None:
    """Damaged frames of any link type, their clock set back now and then, go through every stage."""
    rng = random.Random(seed)
    stages = AllStages(rng)
    for _ in range(3 * BATCH):
        stages.feed(mutated(rng, FRAMES))
