# SPDX-License-Identifier: GPL-2.0-or-later
"""What the ears hear and when they listen, as lines of the sounds file."""

from itertools import chain, pairwise

from appliance.simulate.rows import F64
from appliance.simulate.speaker import Speaker
from appliance.simulate.stage import Stage

WAKE_BEFORE = (0.3, 0.6)  #: seconds from the end of the wake word to the first byte: the speaker has to recognise it
EAR_ERROR = (-0.3, 0.9, 0.0)  #: seconds by which an ear misplaces a word: least, most, most often
WORD = 0.7  #: seconds a wake word takes


def introduce(stage: Stage, speakers: list[Speaker]) -> None:
    """Tell the sounds file what it is, which ears there are, and where the speakers stand."""
    text = f"simulated household, {stage.scenario.days:g} days, seed {stage.scenario.seed}"
    start = stage.scenario.start
    stage.sounds.tell(start - 1, {"type": "note", "text": text, "simulated": True})
    for ear, room in sorted({(speaker.ear, speaker.place.room) for speaker in speakers}):
        stage.sounds.tell(start - 1, {"type": "ear", "ear": ear, "room": room})
    for speaker in speakers:
        place = {"device": speaker.device, "room": speaker.place.room, "name": speaker.place.name}
        words = list(speaker.model.wake_words)
        stage.sounds.tell(start - 1, {"type": "speaker", **place, "wake_words": words})


def wake(stage: Stage, ear: str, time: float, word: str, *, near_miss: bool = False) -> None:
    """Let an ear hear a wake word that ends at ``time``."""
    dice = stage.dice("wake", ear, time)
    score = dice.triangular(0.2, 0.49, 0.4) if near_miss else dice.triangular(0.6, 1.0, 0.96)
    line: dict[str, object] = {
        "type": "wake",
        "ear": ear,
        "time": round(time, 3),
        "word": word,
        "score": round(score, 3),
    }
    if near_miss:
        line["near_miss"] = True
    if listening(stage, ear, time):
        stage.sounds.tell(time, line)


def speech(stage: Stage, ear: str, start: float, end: float, kind: str = "speech") -> None:
    """Let an ear hear somebody talk from ``start`` to ``end``."""
    level = round(stage.dice("level", ear, start).triangular(-52, -18, -33), 1)
    times = {"start": round(start, 3), "end": round(end, 3)}
    if listening(stage, ear, start):
        stage.sounds.tell(start, {"type": "speech", "ear": ear, **times, "level": level, "kind": kind})


def listening(stage: Stage, ear: str, time: float) -> bool:
    """Say whether an ear is on at ``time``."""
    return not any(begin <= time < end for begin, end in stage.outages.get(ear, ()))


def coverage(stage: Stage, ears: list[str], start: float, end: float) -> None:
    """Tell for each ear when it listened between ``start`` and ``end``, leaving its outages out."""
    for ear in ears:
        begin = start
        for off, on in sorted(stage.outages.get(ear, ())):
            if off < end and on > start:
                _covered(stage, ear, begin, min(off, end))
                begin = max(begin, on)
        _covered(stage, ear, begin, end)


def capture_coverage(stage: Stage, lost: F64, start: float, end: float) -> None:
    """Tell when the capture was on between ``start`` and ``end``, and how many frames it dropped in its gaps."""
    inside = [(max(begin, start), min(over, end)) for begin, over in sorted(stage.gaps) if begin < end and over > start]
    edges = sorted({start, end, *chain.from_iterable(inside)})
    for begin, over in pairwise(edges):
        missing = int(((lost >= begin) & (lost < over)).sum())
        _covered(stage, "capture", begin, over, missing)


def _covered(stage: Stage, source: str, start: float, end: float, lost: int = 0) -> None:
    if start < end:
        times = {"start": round(start, 6), "end": round(end, 6)}
        stage.sounds.tell(start, {"type": "coverage", "source": source, **times, "lost": lost})
