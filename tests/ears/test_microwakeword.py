# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.ears.engine import RATE, EngineError
from appliance.ears.microwakeword import MicroWakeWords
from appliance.rules.wake import MicroWakeWordRule
from tests.ears.sounds import quiet, say

COMMON: dict[str, Any] = {"near_miss": 0.1, "heard": 0.3, "sure": 0.9, "latency_s": 0.2, "licence": "x", "source": "x"}


def rule(model: str = "alexa") -> MicroWakeWordRule:
    return MicroWakeWordRule(id="alexa-micro", word="alexa", engine="microwakeword", model=model, **COMMON)


def test_it_hears_its_word_and_when_it_ended() -> None:
    """The word gives scores, the first at most half a second after its end; other words give none."""
    engine = MicroWakeWords([rule()])
    before, word = quiet(1.0), say("alexa")
    scores = engine.feed(np.concatenate([before, word, quiet(1.0)]))
    assert max(score.value for score in scores) > 0.3
    assert -RATE / 4 < scores[0].at - before.size - word.size < RATE / 2
    engine.reset()
    assert engine.feed(np.concatenate([before, say("it is raining"), quiet(1.0)])) == []


def test_pieces_make_no_difference() -> None:
    """Whatever pieces the sound comes in, the scores are the same."""
    sound = np.concatenate([quiet(1.0), say("alexa"), quiet(1.0)])
    whole, engine = MicroWakeWords([rule()]).feed(sound), MicroWakeWords([rule()])
    pieces = [score for at in range(0, sound.size, 777) for score in engine.feed(sound[at : at + 777])]
    assert pieces == whole


def test_what_cannot_be_had_is_told(tmp_path: Path) -> None:
    """A model that is not in the package, and a file that is none, are told."""
    with pytest.raises(EngineError, match=r"has no .*ziggy"):
        MicroWakeWords([rule("ziggy")])
    (tmp_path / "own.json").write_text("{}")
    with pytest.raises(EngineError, match="is no model for microWakeWord"):
        MicroWakeWords([rule(str(tmp_path / "own.json"))])
