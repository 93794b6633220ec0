# SPDX-License-Identifier: GPL-2.0-or-later
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from appliance.ears.engine import RATE
from appliance.ears.engines import open_ear
from appliance.ears.recording import blocks, hear_recording
from appliance.ears.wav import RecordingError
from appliance.events import Coverage, Speech, Wake
from appliance.judge import Sounds
from appliance.rules import load_rules
from tests.ears.sounds import quiet, recordings, say, written

RULES = load_rules(None)


def test_blocks_follow_on_each_other(tmp_path: Path) -> None:
    """A recording comes in pieces whose times are counted in samples, to its last one."""
    sound = quiet(1.3)
    found = list(blocks(written(tmp_path / "a.wav", sound), 50.0))
    assert np.array_equal(np.concatenate([block.samples for block in found]), sound)
    assert [round(block.time, 3) for block in found[:3]] == [50.0, 50.25, 50.5]


def test_a_recording_becomes_facts(tmp_path: Path) -> None:
    """A name and a question: a wake word, speech, and coverage from the first to the last sample."""
    sound = np.concatenate([quiet(2.0), say("computer"), quiet(0.3), say("what time is it"), quiet(2.0)])
    facts = list(hear_recording(written(tmp_path / "a.wav", sound), 1000.0, open_ear("hall", RULES)[0]))
    assert [fact.word for fact in facts if isinstance(fact, Wake) and not fact.near_miss] == ["computer"]
    assert [fact.kind for fact in facts if isinstance(fact, Speech)].count("speech") == 1
    (coverage,) = [fact for fact in facts if isinstance(fact, Coverage)]
    assert coverage.time == 1000.0
    assert coverage.ended_at == pytest.approx(1000.0 + sound.size / RATE)


def test_real_voices_are_heard(shared: Path) -> None:
    """Of ten real recordings of each name all are heard, each by its own name alone."""
    for word in ("alexa", "computer"):
        for path in recordings(shared, word)[:10]:
            heard = [
                fact.word for fact in hear_recording(path, 0.0, open_ear("hall", RULES)[0]) if isinstance(fact, Wake)
            ]
            assert word in heard, path.name


def test_what_is_no_recording_is_told(tmp_path: Path) -> None:
    """A file that is no sound is a RecordingError."""
    (tmp_path / "a.wav").write_bytes(b"no sound")
    with pytest.raises(RecordingError):
        list(hear_recording(tmp_path / "a.wav", 0.0, open_ear("hall", RULES)[0]))


def test_the_process_writes_a_sounds_file(tmp_path: Path) -> None:
    """Its output is what the judge reads, whatever the recording's name."""
    path = written(tmp_path / "with space.wav", np.concatenate([quiet(2.0), say("computer"), quiet(1.0)]))
    command = [sys.executable, "-m", "appliance.ears.recording", str(path), "--start", "1000", "--ear", "hall"]
    done = subprocess.run(command, capture_output=True, check=True)
    facts = list(Sounds(io.BytesIO(done.stdout)))
    assert [(fact.ear, fact.word) for fact in facts if isinstance(fact, Wake)] == [("hall", "computer")]
    assert [fact.source for fact in facts if isinstance(fact, Coverage)] == ["hall"]


def test_the_process_says_what_is_wrong() -> None:
    """It ends with one sentence, not with a traceback."""
    command = [sys.executable, "-m", "appliance.ears.recording", "/nonexistent.wav", "--start", "0"]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == 1
    assert done.stderr == "/nonexistent.wav: [Errno 2] No such file or directory: '/nonexistent.wav'\n"


def test_the_ears_never_meet_scapy() -> None:
    """The process that hears has not loaded the library whose licence forbids that."""
    code = "import sys, appliance.ears.recording, appliance.ears.enrol; print('scapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"False\n"
