# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.events import Wake
from appliance.judge import Sounds
from tests.commands.running import earwitness, lines
from tests.ears.sounds import quiet, say, written


@pytest.fixture(scope="module")
def room(played: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A recording of the room in which a speaker of the simulated morning is called, and when it began."""
    name = next(each for each in Sounds(played / "sounds.jsonl") if isinstance(each, Wake) and each.word == "alexa")
    said = say("Alexa")
    path = written(tmp_path_factory.mktemp("room") / "kitchen.wav", quiet(12), said, quiet(25))
    return path, name.time - 12 - len(said) / 16_000


def test_a_recording_ends_in_verdicts(played: Path, room: tuple[Path, float]) -> None:
    """Who is called in the recording is called; what was sent while it was not running is unheard."""
    path, start = room
    result = earwitness(
        *("analyze", played / "capture.pcapng", "--audio", path, "--audio-start", str(start), "--jsonl", "-")
    )
    assert result.exit_code == 0
    verdicts = [row for row in lines(result.stdout) if row["type"] == "verdict" and row["upload"]]
    assert {row["verdict"] for row in verdicts} >= {"called", "unheard"}
    called = [row for row in verdicts if row["verdict"] == "called"]
    assert all(start < row["upload"]["started_at"] < start + 40 for row in called)


def test_each_recording_needs_its_time(played: Path, room: tuple[Path, float], tmp_path: Path) -> None:
    """Without a time, with a time that is none, or with a file that is no recording, one line says what is wrong."""
    capture, path = played / "capture.pcapng", room[0]
    result = earwitness("analyze", capture, "--audio", path)
    assert (result.exit_code, "each --audio needs its --audio-start" in result.stderr) == (2, True)
    result = earwitness("analyze", capture, "--audio", path, "--audio-start", "noon")
    assert (result.exit_code, "'noon' is no time" in result.stderr) == (2, True)
    text = tmp_path / "text.wav"
    text.write_text("no sound")
    result = earwitness("analyze", capture, "--audio", text, "--audio-start", "2026-03-01T14:00:05+01:00")
    assert (result.exit_code, "is no RIFF/WAVE file" in result.stderr) == (2, True)
