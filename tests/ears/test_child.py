# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.ears.child import heard_elsewhere
from appliance.ears.wav import RecordingError
from appliance.events import Coverage, Wake
from appliance.judge import Sounds
from tests.ears.sounds import quiet, say, written


def test_another_process_hears_it(tmp_path: Path) -> None:
    """What it says is a sounds file, whatever the recording is called."""
    path = written(tmp_path / "-with space.wav", quiet(2.0), say("computer"), quiet(1.0))
    with heard_elsewhere(path, 1000.0, "hall", tmp_path) as lines:
        facts = list(Sounds(lines, "hall"))
    assert [(fact.ear, fact.word) for fact in facts if isinstance(fact, Wake)] == [("hall", "computer")]
    assert [fact.source for fact in facts if isinstance(fact, Coverage)] == ["hall"]


def test_what_is_wrong_there_is_told_here(tmp_path: Path) -> None:
    """Its last words are the error."""
    (tmp_path / "a.wav").write_bytes(b"no sound")
    with (
        pytest.raises(RecordingError, match=r"a\.wav: is no RIFF/WAVE file"),
        heard_elsewhere(tmp_path / "a.wav", 0.0, "hall", tmp_path) as lines,
    ):
        assert lines.read() == b""


def test_whoever_stops_reading_waits_for_nothing(tmp_path: Path) -> None:
    """A reader that is content with the first line gets away."""
    path = written(tmp_path / "a.wav", quiet(3.0))
    with heard_elsewhere(path, 0.0, "hall", tmp_path):
        pass
