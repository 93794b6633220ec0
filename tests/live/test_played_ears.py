# SPDX-License-Identifier: GPL-2.0-or-later
import json
from contextlib import closing
from pathlib import Path

from appliance.events import CAPTURE, Coverage, Service, Wake
from appliance.ledger import open_ledger
from appliance.ledger.rows import COVERAGES, WAKE
from appliance.limits import FLUSH_S, LEDGER_COVERAGE_S
from appliance.live.played_ears import PlayedEars

LINES: list[dict[str, object]] = [
    {"type": "ear", "ear": "mic"},
    {"type": "coverage", "source": "mic", "start": 1000.0, "end": 1900.0},
    {"type": "coverage", "source": "capture", "start": 1000.0, "end": 1900.0, "lost": 4},
    {"type": "wake", "ear": "mic", "time": 1500.0, "word": "alexa", "score": 0.9},
    {"type": "wake", "ear": "mic", "time": 5000.0, "word": "alexa", "score": 0.9},
]


def test_ears_are_ahead_of_the_replay_by_what_readers_rely_on(tmp_path: Path) -> None:
    """What begins within the next minutes is in the ledger, coverage in stretches of a flush; the rest comes later."""
    sounds = tmp_path / "sounds.jsonl"
    sounds.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    ledger = open_ledger(tmp_path / "ledger.sqlite", service=Service.EARS, now=0.0)
    ears = PlayedEars(sounds, ledger, ledger.begin("boot", 0.0))
    with closing(ears), closing(ledger.reader()) as reader:
        assert ears.advance(1000.0) == [Coverage(1000.0, 1900.0, CAPTURE, 4)]
        assert [wake for _, wake in reader.facts(WAKE)] == [Wake(1500.0, "mic", "alexa", 0.9)]
        stretches = [stretch for _, stretch in reader.facts(COVERAGES[Service.EARS])]
        assert [stretch.time for stretch in stretches] == [1000.0, 1300.0, 1600.0]
        assert stretches[-1].ended_at == 1900.0
        assert max(stretch.ended_at - stretch.time for stretch in stretches) <= FLUSH_S
        assert ears.advance(5000.0 - LEDGER_COVERAGE_S) == []
        assert len(reader.facts(WAKE)) == 2
