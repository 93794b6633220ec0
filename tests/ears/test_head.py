# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.ears.embedding import WIDTH
from appliance.ears.engine import RATE, EngineError
from appliance.ears.head import PACKAGED, Head, Heads
from appliance.rules.wake import HeadRule
from tests.ears.sounds import quiet, say

COMMON: dict[str, Any] = {"near_miss": 0.1, "heard": 0.5, "sure": 0.9, "latency_s": 0.2, "licence": "x", "source": "x"}


def rule(model: str) -> HeadRule:
    return HeadRule(id="computer-head", word="computer", engine="head", model=model, **COMMON)


def head(frames: int = 4) -> Head:
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(0, 0.1, shape).astype(np.float32) for shape in ((frames * WIDTH, 8), (8, 1)))
    return Head(
        np.zeros(WIDTH, np.float32),
        np.ones(WIDTH, np.float32),
        weights,
        (np.zeros(8, np.float32), np.zeros(1, np.float32)),
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


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """A head that was saved judges as before."""
    path, made = tmp_path / "own.npz", head()
    made.save(path)
    windows = np.random.default_rng(1).normal(0, 1, (5, 4, WIDTH)).astype(np.float32)
    assert Head.load(path).scores(windows) == pytest.approx(made.scores(windows), abs=2e-3)


def test_a_head_of_the_household_is_a_path(tmp_path: Path) -> None:
    """A rule may name a file of its own."""
    head().save(tmp_path / "own.npz")
    assert Heads([rule(str(tmp_path / "own.npz"))]).feed(quiet(0.1)) == []


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever the file holds, it is a head or an EngineError."""
    path = tmp_path_factory.mktemp("heads") / "own.npz"
    packaged = (PACKAGED / "computer.npz").read_bytes()
    for content in (raw, packaged[: len(raw)] + raw, packaged[: -len(raw) - 1]):
        path.write_bytes(content)
        with pytest.raises(EngineError):
            Head.load(path)


def test_heads_in_another_format_are_told(tmp_path: Path) -> None:
    """A file that is none, and one that is missing, are told with their names."""
    for name in ("missing.npz", "missing.onnx"):
        with pytest.raises(EngineError, match=name):
            Heads([rule(str(tmp_path / name))])
