# SPDX-License-Identifier: GPL-2.0-or-later
"""Learns a word from a few recordings of it, made in the household: a head of its own, in under two minutes.

Each recording is said again many times elsewhere (``augment``); what is not the word comes from the bank, embeddings of
openly licensed speech that the package brings. The recordings are not kept.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from appliance.ears.augment import Sound, at_level, elsewhere, loudness, samples_of, sound_of, sped
from appliance.ears.embedding import MODELS, STEP, Embedding, Embeddings
from appliance.ears.engine import RATE, EngineError, Samples
from appliance.ears.head import Head
from appliance.ears.level import levels
from appliance.ears.train import bank, train
from appliance.limits import ENROL_LEAST, ENROL_MOST, ENROL_WORD_S
from appliance.rules.wake import HeadRule

FRAMES = 12  #: embeddings that a head looks at: 1.7 s
_TAKES = 180  #: scenes that are made of all recordings together
_STEPS = 900  #: of learning: about 5 s of one core of a PC
_PAUSE_S = 0.25  #: pauses within a word, "hey ... Sonos", are shorter
_FALL_DB = 24.0  #: below its loudest moment a word has ended
_LEAD_S = (1.3, 1.7)
_TAIL_S = 0.5
_TALK = 0.35  #: share of the scenes in which somebody talks right before it, and right after it
_HELD_BACK = 5  #: every so manieth stretch of the bank sets the marks and is not learnt from
_FALSE_PER_HOUR = 1.0  #: of the bank: of the hardest speech, words without sentences, it is up to two
_NEAR_PER_HOUR = 20.0
_TAIL = 12  #: highest moments of speech without the word, by which the marks are set
_SURE = 0.95
_LATENCY_S = 0.05
_HEARD = (0.3, 0.98)  #: within which the mark stays, whatever the bank says
_NEAR = (0.1, 0.5)
_FRAME = 160  #: samples of which the level is taken to find a word
_QUIETEST_DB = -60.0
_LEVEL_DB = -20.0


class EnrolError(Exception):
    """A word cannot be learnt of these recordings: which of them, and why."""


class Learnt(NamedTuple):
    """A head, and the marks that a rule for it needs, by speech that it was not trained on."""

    head: Head
    heard: float
    near_miss: float


def negatives(path: Path = MODELS / "negatives.npz") -> list[Embeddings]:
    """Return the stretches of a bank; models/README.md says of what that of the package was made."""
    try:
        with np.load(path, allow_pickle=False) as file:
            whole = (file["embeddings"] * file["step"]).astype(np.float16)
            return np.split(whole, file["starts"][1:])
    except OSError as error:
        raise EngineError(f"the bank of speech cannot be read: {error}") from None


def enrol(recordings: Sequence[Samples], rng: np.random.Generator) -> Learnt:
    """Learn the word that is said once in each of ``recordings``.

    Errors: EnrolError if they are too few, or one of them has no word in it; EngineError if the bank is missing.
    """
    if not ENROL_LEAST <= len(recordings) <= ENROL_MOST:
        raise EnrolError(f"{ENROL_LEAST} to {ENROL_MOST} recordings are needed, and there are {len(recordings)}")
    words = [_named(at, recording) for at, recording in enumerate(recordings, 1)]
    talk = np.concatenate([word[::-1] for word in words])  # speech backwards is speech, and no word
    return learn(words, talk, -(-_TAKES // len(words)), negatives(), rng)


def rule_of(word: str, model: Path, learnt: Learnt, count: int) -> HeadRule:
    """Return the rule for a ``word`` that was ``learnt`` of ``count`` recordings, and whose head is in ``model``."""
    return HeadRule(
        id=f"{word.lower().replace(' ', '-')}-enrolled",
        word=word,
        engine="head",
        model=str(model.resolve()),
        near_miss=round(learnt.near_miss, 3),
        heard=round(learnt.heard, 3),
        sure=_SURE,
        latency_s=_LATENCY_S,
        licence="the household's own",
        source=f"enrolment: {count} recordings; the marks are {_FALSE_PER_HOUR:g} and {_NEAR_PER_HOUR:g} false an hour",
    )


def learn(
    words: Sequence[Sound], talk: Sound, takes: int, stretches: Sequence[Embeddings], rng: np.random.Generator
) -> Learnt:
    """Learn ``words``, each said in so many ``takes``, against ``stretches`` of other speech."""
    embedding = Embedding()
    windows = np.concatenate([scene for word in words for scene in scenes(embedding, word, talk, takes, rng)])
    held_back = list(stretches[::_HELD_BACK])
    head = train(windows, bank([each for at, each in enumerate(stretches) if at % _HELD_BACK], FRAMES), rng, _STEPS)
    scores = [head.scores(_sliding(each)) for each in held_back if len(each) >= FRAMES]
    heard = float(np.clip(_threshold(scores, _FALSE_PER_HOUR), *_HEARD))
    near = float(np.clip(_threshold(scores, _NEAR_PER_HOUR), *_NEAR))
    return Learnt(head, heard, min(near, heard))


def word_in(recording: Samples) -> Sound:
    """Return the one word that is said in ``recording``, without what is before and after it.

    Errors: EnrolError if it is too quiet, too short or too long for a word.
    """
    found = levels(recording, _FRAME)
    smooth = np.convolve(np.pad(found, 2, mode="edge"), np.ones(5) / 5, "valid") if found.size else found
    if smooth.max(initial=-np.inf) < _QUIETEST_DB:
        raise EnrolError("nothing was said, or too far away")
    loud = np.flatnonzero(smooth > smooth.max() - _FALL_DB)
    breaks = np.flatnonzero(np.diff(loud) > _PAUSE_S * RATE / _FRAME)
    runs = np.split(loud, breaks + 1)
    (run,) = [each for each in runs if smooth.argmax() in each]
    start, end = max(0, int(run[0]) - 4) * _FRAME, (int(run[-1]) + 5) * _FRAME
    if not ENROL_WORD_S[0] <= (end - start) / RATE <= ENROL_WORD_S[1]:
        raise EnrolError(f"what was said is {(end - start) / RATE:.1f} s long: say the name alone, in a quiet moment")
    return sound_of(recording[start:end])


def scenes(embedding: Embedding, word: Sound, talk: Sound, takes: int, rng: np.random.Generator) -> list[Embeddings]:
    """Return windows that end with ``word``, as it was said in ``takes`` other places: (3, FRAMES, WIDTH) each."""
    made = []
    for _ in range(takes):
        sound, end = _scene(sped(word, rng), talk, rng)
        embedding.reset()
        heard = embedding.feed(samples_of(elsewhere(sound, rng)))
        last = -(-end // STEP)
        made.append(np.stack([heard[stop - FRAMES : stop] for stop in (last, last + 1, last + 2)]))
    return made


def _scene(word: Sound, talk: Sound, rng: np.random.Generator) -> tuple[Sound, int]:
    """Return ``word`` with what was before and after it, and the place of its end."""
    lead, tail = int(rng.uniform(*_LEAD_S) * RATE), int(_TAIL_S * RATE)
    sound = np.zeros(lead + word.size + tail)
    sound[lead : lead + word.size] = at_level(word, _LEVEL_DB)
    if rng.random() < _TALK:
        _talk_over(sound[: lead - int(rng.uniform(0.05, 0.3) * RATE)], talk, rng)
    if rng.random() < _TALK:
        _talk_over(sound[lead + word.size + int(rng.uniform(0.1, 0.3) * RATE) :], talk, rng)
    return sound, lead + word.size


def _talk_over(place: Sound, talk: Sound, rng: np.random.Generator) -> None:
    """Let somebody talk in ``place``, which is a part of a scene, a little fainter than the word."""
    start = int(rng.integers(max(1, talk.size - place.size)))
    piece = talk[start : start + place.size]
    if loudness(piece) > 0:
        place[: piece.size] += at_level(piece, _LEVEL_DB - rng.uniform(0, 8))


def _named(at: int, recording: Samples) -> Sound:
    try:
        return word_in(recording)
    except EnrolError as error:
        raise EnrolError(f"recording {at}: {error}") from None


def _sliding(stretch: Embeddings) -> Embeddings:
    return sliding_window_view(stretch, (FRAMES, stretch.shape[1]))[:, 0].astype(np.float32)


def _threshold(stretches: Sequence[NDArray[np.float32]], per_hour: float) -> float:
    """Return the score that speech without the word reaches ``per_hour`` times an hour.

    What is held back is too short to count so few: its highest scores thin out exponentially, as logits, and so they
    are taken to go on.
    """
    hours = sum(map(len, stretches)) * STEP / RATE / 3600
    peaks = np.clip(np.concatenate([_peaks(each) for each in stretches]).astype(float), 1e-9, 1 - 1e-9)
    highest = np.sort(np.log(peaks / (1 - peaks)))[::-1][: _TAIL + 1]
    least, above = highest[-1], highest[:-1]
    logit = least + np.mean(above - least) * np.log(above.size / (per_hour * hours))
    return float(1 / (1 + np.exp(-logit)))


def _peaks(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the highest score of each second: an utterance is false once."""
    second = -(-RATE // STEP)
    padded = np.pad(scores, (0, -len(scores) % second))
    highest: NDArray[np.float32] = padded.reshape(-1, second).max(axis=1)
    return highest
