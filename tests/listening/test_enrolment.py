# SPDX-License-Identifier: GPL-2.0-or-later
"""What is written, and what is not, by hand; the whole of it: tests/commands/test_ears.py."""

from pathlib import Path

import pytest

from appliance.ears.enrol import EnrolError
from appliance.limits import ENROL_RECORDING_S
from appliance.listening.enrolment import forget, recording, teach
from appliance.settings import Paths
from tests.ears.sounds import quiet, written


@pytest.mark.parametrize("word", ["", "Zebra", "../zebra", "zebra\n", "zébra", "hey  zebra"])
def test_a_name_is_words_of_small_letters(word: str, tmp_path: Path) -> None:
    """What becomes a file's name cannot lead anywhere else, and nothing is written for what is refused."""
    paths = Paths(state=tmp_path / "state", run=tmp_path, rules=tmp_path / "rules")
    with pytest.raises(EnrolError, match="cannot be learnt"):
        teach(word, [quiet(1)] * 3, paths)
    with pytest.raises(EnrolError, match="cannot be learnt"):
        forget(word, paths)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_is_of_one_word(tmp_path: Path) -> None:
    """A long one is refused before it is read to its end."""
    assert recording(written(tmp_path / "short.wav", quiet(2))).size == 32_000
    with pytest.raises(EnrolError, match="one recording for each time"):
        recording(written(tmp_path / "long.wav", quiet(ENROL_RECORDING_S + 1)))
