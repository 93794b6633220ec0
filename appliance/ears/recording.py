# SPDX-License-Identifier: GPL-2.0-or-later
"""Hears a recording, as a process of its own.

``python -m appliance.ears.recording FILE --start TIME --ear NAME`` writes the lines of a sounds file (docs/sounds.md).
A process of its own, because scapy, which the analysis of captures needs, and the engines' libraries have licences that
do not go into one program.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from appliance.ears.block import Block
from appliance.ears.ear import Ear, Heard
from appliance.ears.engine import RATE, EngineError
from appliance.ears.engines import open_ear
from appliance.ears.health import Fault
from appliance.ears.join import joined
from appliance.ears.resample import Resampler
from appliance.ears.wav import RecordingError, Wav
from appliance.events import Coverage, Speech, Wake
from appliance.rules import OVERRIDES, RuleError, load_rules


def hear_recording(path: Path, start: float, ear: Ear) -> Iterator[Wake | Speech | Coverage | Fault]:
    """Yield what ``ear`` hears in the WAV file ``path``, whose first sample was at ``start``.

    Errors: OSError if it cannot be read, RecordingError if it is none.
    """
    yield from joined(_heard(path, start, ear))


def _heard(path: Path, start: float, ear: Ear) -> Iterator[Heard]:
    for block in blocks(path, start):
        yield from ear.feed(block)
    yield from ear.finish()


def blocks(path: Path, start: float) -> Iterator[Block]:
    """Yield the sound of the recording ``path`` in pieces, at 16 kHz mono; its first sample was at ``start``."""
    with path.open("rb") as file:
        wav = Wav(file)
        resampler = Resampler(wav.rate)
        done = 0
        for frames in wav:
            for first in range(0, len(frames), wav.rate // 4):
                samples = resampler.feed(frames[first : first + wav.rate // 4])
                yield Block(start + done / RATE, samples)
                done += len(samples)
        yield Block(start + done / RATE, resampler.finish())


def said(fact: Wake | Speech | Coverage | Fault) -> dict[str, object]:
    """Return what a line of a sounds file says of ``fact``."""
    match fact:
        case Wake():
            line: dict[str, object] = {"type": "wake", "ear": fact.ear, "time": fact.time, "word": fact.word}
            return line | {"score": fact.score} | ({"near_miss": True} if fact.near_miss else {})
        case Speech():
            line = {"type": "speech", "ear": fact.ear, "start": fact.time, "end": fact.ended_at}
            return line | {"level": fact.level, "kind": fact.kind}
        case Coverage():
            return {"type": "coverage", "source": fact.source, "start": fact.time, "end": fact.ended_at}
        case Fault():
            until = "" if fact.ended_at is None else f" to {fact.ended_at:.3f}"
            return {"type": "note", "text": f"{fact.ear} was {fact.what} from {fact.time:.3f}{until}"}


def _say(line: dict[str, object]) -> None:
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in line.items()}
    print(json.dumps(rounded), flush=True)  # noqa: T201 - its output is what it is for


def main() -> None:
    """Hear the recording that the command line names, and print what there was to hear."""
    asked = _arguments()
    try:
        ear, missing = open_ear(asked.ear, load_rules(asked.rules), asked.word)
        for words in missing:
            _say({"type": "note", "text": words})
        for fact in hear_recording(asked.file, asked.start, ear):
            _say(said(fact))
    except (OSError, RecordingError, EngineError, RuleError) as error:
        sys.exit(f"{asked.file}: {error}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="hears a recording and prints the lines of a sounds file")
    parser.add_argument("file", type=Path, help="a WAV file")
    parser.add_argument("--start", type=float, required=True, help="when its first sample was, seconds since the epoch")
    parser.add_argument("--ear", default="recording", help="what to call the microphone")
    parser.add_argument("--word", action="append", help="a wake word to listen for; else all that engines know")
    parser.add_argument("--rules", type=Path, default=OVERRIDES, help="the household's own rules")
    return parser.parse_args()


if __name__ == "__main__":
    main()
