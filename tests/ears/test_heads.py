# SPDX-License-Identifier: GPL-2.0-or-later
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.ears.embedding import STEP
from appliance.ears.engine import RATE, EngineError
from appliance.ears.heads import Heads
from appliance.rules.wake import HeadRule
from tests.ears.sounds import head, quiet, say

COMMON: dict[str, Any] = {"heard": 0.5, "sure": 0.9, "latency_s": 0.2, "licence": "x", "source": "x"}


def rule(model: str, near_miss: float = 0.1) -> HeadRule:
    return HeadRule(
        id=f"{Path(model).stem}-head", word="computer", engine="head", model=model, near_miss=near_miss, **COMMON
    )


def test_it_hears_its_word_and_when_it_ended() -> None:
    """The word gives scores, soon after its end; other words do not."""
    heads = Heads([rule("computer")])
    before, word = quiet(1.5), say("computer")
    scores = heads.feed(np.concatenate([before, word, quiet(1.0)]))
    best = max(scores, key=lambda score: score.value)
    assert best.value > 0.5
    assert -RATE / 4 < best.at - before.size - word.size < RATE / 2
    heads.reset()
    assert [s for s in heads.feed(np.concatenate([before, say("it is raining"), quiet(1.0)])) if s.value > 0.5] == []


def test_a_head_of_the_household_is_a_path(tmp_path: Path) -> None:
    """A rule may name a file of its own."""
    head().save(tmp_path / "own.npz")
    assert Heads([rule(str(tmp_path / "own.npz"))]).feed(quiet(0.1)) == []


def test_heads_in_another_format_are_told(tmp_path: Path) -> None:
    """A file that is none, and one that is missing, are told with their names."""
    for name in ("missing.npz", "missing.onnx"):
        with pytest.raises(EngineError, match=name):
            Heads([rule(str(tmp_path / name))])


HEADS = Heads([rule("computer", 0.0), rule("alexa", 0.0)])
SOUND = np.random.default_rng(0).integers(-3000, 3000, 12 * STEP).astype(np.int16)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 4 * STEP), max_size=6))
def test_pieces_make_no_difference(sizes: list[int]) -> None:
    """Whatever pieces the sound comes in, every step has the same scores at the same place."""
    HEADS.reset()
    whole = sorted(HEADS.feed(SOUND))
    HEADS.reset()
    bounds = [0, *np.minimum(np.cumsum(sizes, dtype=int), SOUND.size).tolist(), SOUND.size]
    pieces = sorted(score for a, b in pairwise(bounds) for score in HEADS.feed(SOUND[a:b]))
    assert len(whole) == 24
    assert [(each.at, each.rule) for each in pieces] == [(each.at, each.rule) for each in whole]
    assert np.allclose([each.value for each in pieces], [each.value for each in whole], atol=1e-4)


def test_heads_of_several_shapes_judge_side_by_side(tmp_path: Path) -> None:
    """Each rule has its own score, whatever the shapes of the others' heads."""
    for frames in (4, 12):
        head(frames).save(tmp_path / f"{frames}.npz")
    names = [str(tmp_path / "4.npz"), "computer", str(tmp_path / "12.npz")]
    alone = [score for name in names for score in Heads([rule(name, 0.0)]).feed(SOUND)]
    beside = Heads([rule(name, 0.0) for name in names]).feed(SOUND)
    values = {(each.at, each.rule): each.value for each in beside}
    assert len(values) == 36
    for each in alone:
        assert values[each.at, each.rule] == pytest.approx(each.value, abs=1e-5)


def test_a_head_that_looks_too_far_back_is_told(tmp_path: Path) -> None:
    """A head of more embeddings than are kept is refused, with the file's name."""
    head(17).save(tmp_path / "far.npz")
    with pytest.raises(EngineError, match=r"far\.npz looks at 17"):
        Heads([rule(str(tmp_path / "far.npz"))])
