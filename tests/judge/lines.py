# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines of a sounds file, and what reading them gives."""

import json
from io import BytesIO

import pytest

from appliance.judge import Sounds, SoundsError
from appliance.judge.sounds import SoundFact

WAKE = {"type": "wake", "ear": "a", "time": 5.0, "word": "alexa", "score": 0.9}
SPEECH = {"type": "speech", "ear": "a", "start": 5.0, "end": 6.0}
COVERAGE = {"type": "coverage", "source": "a", "start": 5.0, "end": 6.0}
SPEAKER = {"type": "speaker", "device": "aa:bb:cc:dd:ee:ff"}
EAR = {"type": "ear", "ear": "a"}


def text(*lines: object) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def read(raw: bytes) -> list[SoundFact]:
    return list(Sounds(BytesIO(raw), "sounds.jsonl"))


def problem(raw: bytes) -> str:
    with pytest.raises(SoundsError) as caught:
        read(raw)
    return str(caught.value)
