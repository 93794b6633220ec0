# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import numpy as np
import pytest

from appliance.ears.embedding import WINDOW
from appliance.ears.engine import RATE, Samples
from appliance.ears.enrol import EnrolError, enrol, negatives, rule_of, word_in
from appliance.ears.heads import Heads
from tests.ears.sounds import quiet, say, tone


def test_the_word_is_found_in_its_recording() -> None:
    """Of seconds of recording only what was said is left."""
    word = say("echo")
    found = word_in(np.concatenate([quiet(1.0), word, quiet(1.5, 1)]))
    assert 0.8 * word.size < found.size < 1.4 * word.size


@pytest.mark.parametrize(
    ("recording", "told"),
    [(quiet(2.0), "nothing was said"), (tone(3.0), "3.0 s long"), (quiet(0.0), "nothing was said")],
)
def test_what_is_no_word_is_told(recording: Samples, told: str) -> None:
    """Silence, and what is too long for a name, are refused with what to do."""
    with pytest.raises(EnrolError, match=told):
        word_in(recording)


def test_too_few_recordings_are_refused() -> None:
    """A word is not learnt of two sayings; a recording without a word is named by its number."""
    rng = np.random.default_rng(0)
    with pytest.raises(EnrolError, match="3 to 40 recordings"):
        enrol([tone(0.5)] * 2, rng)
    with pytest.raises(EnrolError, match="recording 2: nothing"):
        enrol([tone(0.5), quiet(1.0), tone(0.5)], rng)


def test_the_bank_is_speech_of_more_than_an_hour() -> None:
    """What the package brings to learn against is long enough, in stretches that hold windows."""
    stretches = negatives()
    assert sum(map(len, stretches)) * 1280 / RATE > 3600
    assert min(map(len, stretches)) >= WINDOW


def test_a_few_sayings_teach_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three sayings a head is learnt that hears another voice say it, and nothing in other words."""
    for name, less in (("_TAKES", 60), ("_STEPS", 400)):  # how well it is learnt is measured in bench/
        monkeypatch.setattr(f"appliance.ears.enrol.{name}", less)
    sayings = [np.concatenate([quiet(1.0), say("ziggy", voice), quiet(0.5)]) for voice in ("slt", "rms", "kal16")]
    learnt = enrol(sayings, np.random.default_rng(0))
    learnt.head.save(tmp_path / "own.npz")
    rule = rule_of("ziggy", tmp_path / "own.npz", learnt, len(sayings))
    heads = Heads([rule])
    other = np.concatenate([quiet(1.5), say("it is raining in the garden", "awb"), quiet(1.0)])
    assert [score for score in heads.feed(other) if score.value >= rule.heard] == []
    heads.reset()
    again = np.concatenate([quiet(1.5), say("ziggy", "awb"), quiet(1.0)])
    assert [score for score in heads.feed(again) if score.value >= rule.heard]
