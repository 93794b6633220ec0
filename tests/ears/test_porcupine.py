# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.ears.engine import RATE, EngineError
from appliance.ears.porcupine import Porcupine
from appliance.rules.wake import PorcupineRule
from tests.ears.sounds import quiet, say

COMMON: dict[str, Any] = {"near_miss": 0.5, "heard": 0.5, "sure": 0.9, "latency_s": 0.2, "licence": "x", "source": "x"}


def rule(word: str, *sensitivities: float, model: str | None = None) -> PorcupineRule:
    return PorcupineRule(
        id=word.replace(" ", "-"),
        word=word,
        engine="porcupine",
        model=model or word,
        sensitivities=sensitivities or (0.5, 1.0),
        **COMMON,
    )


def test_it_hears_its_words_and_when_they_ended() -> None:
    """Each of two words is told by its own rule, at most half a second after its end."""
    porcupine = Porcupine([rule("computer"), rule("ok google")])
    before, word = quiet(1.0), say("computer")
    scores = porcupine.feed(np.concatenate([before, word, quiet(1.0)]))
    assert {score.rule for score in scores} == {"computer"}
    assert max(score.value for score in scores) == 1.0
    assert 0 < scores[0].at - before.size - word.size < RATE / 2


def test_its_score_is_the_strictest_sensitivity_that_said_yes() -> None:
    """With three steps the scores are 1, 2/3 and 1/3."""
    scores = Porcupine([rule("computer", 0.5, 0.75, 1.0)]).feed(np.concatenate([say("computer"), quiet(1.0)]))
    assert sorted({round(score.value, 3) for score in scores}) == [0.333, 0.667, 1.0]


def test_it_hears_nothing_in_other_words() -> None:
    """Speech without the word is no word."""
    assert Porcupine([rule("computer", 0.5)]).feed(np.concatenate([say("it is raining in the garden"), quiet(1)])) == []


def test_after_a_reset_half_a_word_is_forgotten() -> None:
    """A word whose first half came before a gap was not said."""
    porcupine, word = Porcupine([rule("computer", 0.5)]), say("computer")
    porcupine.feed(word[: word.size // 2])
    porcupine.reset()
    assert porcupine.feed(np.concatenate([word[word.size // 2 :], quiet(1.0)])) == []


def test_after_a_reset_words_are_heard() -> None:
    """What comes after a gap is heard as well as before it."""
    porcupine, word = Porcupine([rule("computer")]), np.concatenate([quiet(0.5), say("computer"), quiet(1.0)])
    before = porcupine.feed(word)
    porcupine.reset()
    assert before == porcupine.feed(word) != []


def test_what_cannot_be_had_is_told() -> None:
    """A word without a model, a file that is none, a machine without a library: each has its sentence."""
    with pytest.raises(EngineError, match=r"has no .*ziggy"):
        Porcupine([rule("ziggy")])
    with pytest.raises(EngineError, match="there is no file"):
        Porcupine([rule("ziggy", model="/nonexistent/ziggy.ppn")])
    with pytest.raises(EngineError, match="no library for riscv64"):
        Porcupine([rule("computer")], machine="riscv64")


def test_a_file_that_is_no_model_is_told() -> None:
    """The library refuses it, and the rule is named."""
    with pytest.raises(EngineError, match="does not take the models of computer"):
        Porcupine([rule("computer", model="/etc/passwd")])


def test_forgetting_opens_no_files() -> None:
    """However often sound breaks off, no file stays open for it."""
    porcupine = Porcupine([rule("alexa")])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        porcupine.reset()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
