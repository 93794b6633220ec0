# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures the ears.

python -m bench.ears words|latency|speech|cost|enrol [options]; --help says more.

Real recordings are those of ../shared/corpus/speech; every other word is said by Debian's synthesisers, and the tables
say which. Other speech, for false accepts: the recordings and the packages' files that bench.bank leaves out.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from appliance.ears.augment import Sound, at_level, beside, reverberate, samples_of
from appliance.ears.block import Block
from appliance.ears.ear import Ear, Heard
from appliance.ears.engine import RATE, Engine, Samples
from appliance.ears.engines import engines_for, rules_for
from appliance.ears.enrol import enrol, rule_of
from appliance.ears.level import levels
from appliance.events import Speech, Wake
from appliance.rules import WakeWords, load_rules
from appliance.rules.wake import WakeEngineRule
from bench.bank import SPEECH, decoded, spoken_files
from bench.heads import RECORDED, SPELT, sound
from bench.heads import SPEECH as CORPUS
from bench.voices import neural_voices, voices

Rules: TypeAlias = tuple[WakeEngineRule, ...]
#: Stretches of speech by the wake word that is said in them, "" for none.
Others: TypeAlias = dict[str, list[Samples]]
#: Parts in turn left out in training: of recordings each half, of synthesisers all but espeak-ng.
FOLDS = {True: (0, 1), False: (0,)}

RULES = load_rules(None)
WORDS = WakeWords({}, RULES.verdicts.same_words)
MARKS = (0.25, 0.5, 0.7, 0.9)  #: scores at which recall and false accepts are counted; 0.5 is "heard"
_BEFORE, _AFTER = (np.random.default_rng(1).integers(-8, 9, int(s * RATE)).astype(np.int16) for s in (1.6, 0.8))


def main() -> None:
    """Measure what is asked for."""
    asked = _arguments()
    match asked.what:
        case "words":
            words(asked)
        case "latency":
            latency()
        case "speech":
            speech()
        case "cost":
            cost(asked.minutes)
        case _:
            enrolment(asked)


def words(asked: argparse.Namespace) -> None:
    """Print recall and false accepts per hour of each word, all its engines together, at several scores."""
    wanted = asked.words or sorted({rule.word for rule in RULES.wake.engines})
    others = other_speech(asked.speech)
    false = falsely_heard(tuple(rules_for(RULES.wake, WORDS, wanted)), others)
    for word in wanted:
        rules = tuple(rules_for(RULES.wake, WORDS, [word]))
        folds = [tuple(_unlearnt(rule, asked.heads, fold) for rule in rules) for fold in FOLDS[word in RECORDED]]
        print(f"\n## {word}: {'neural synthesisers' if asked.neural else kind(word)}")
        table(word, natural(word) if asked.neural else said(word), folds, false, others)


def falsely_heard(rules: Rules, others: Others) -> dict[str, list[Wake]]:
    """Return the wake words heard in ``others``, by the word that is really said there."""
    return {really: list(heard(rules, stretches)) for really, stretches in others.items()}


def table(word: str, clips: list[Sound], folds: list[Rules], false: dict[str, list[Wake]], others: Others) -> None:
    """Print the figures of ``clips``, each heard by the one of ``folds`` that has not learnt from it."""
    elsewhere = [really for really in others if WORDS.one(really) != WORDS.one(word)]
    hours = sum(len(each) for really in elsewhere for each in others[really]) / RATE / 3600
    wrong = np.array([w.score for really in elsewhere for w in false[really] if WORDS.one(w.word) == WORDS.one(word)])
    print(f"{len(clips)} clips, {hours:.2f} h of other real speech\nscore   " + "".join(f"{mark:>8}" for mark in MARKS))
    for name, change in (("clean", as_it_is), ("room", in_a_room)):
        rng = np.random.default_rng(4)
        scores = np.array([best(folds[at % len(folds)], change(clip, rng)) for at, clip in enumerate(clips)])
        print(f"{name:<8}" + "".join(f"{np.mean(scores >= mark):8.3f}" for mark in MARKS), flush=True)
    print("false/h " + "".join(f"{np.sum(wrong >= mark) / hours:8.1f}" for mark in MARKS), flush=True)


def said(word: str) -> list[Sound]:
    """Return clips of ``word``: real ones where there are any, else by synthesisers that a fold has not learnt from."""
    if word in RECORDED:
        return [sound(path) for path in sorted(CORPUS.glob(f"{word}-*.wav"))]
    listed = (CORPUS / "manifest.csv").read_text() if CORPUS.is_dir() else ""
    lines = [line.split(",") for line in listed.splitlines() if "espeak_" not in line]
    found = [sound(CORPUS / line[0]) for line in lines if line[1] == word.replace(" ", "_")]
    return found + [voice.say(SPELT.get(word, word)) for voice in voices((0.9, 1.1)) if voice.engine != "espeak-ng"]


def natural(word: str) -> list[Sound]:
    """Return clips of ``word`` by neural synthesisers, from which none of the packaged heads has learnt."""
    return [voice.say(SPELT.get(word, word)) for voice in [*neural_voices((0.95,))][::5]]


def kind(word: str) -> str:
    """Say what the clips of ``word`` are."""
    return "real recordings" if word in RECORDED else "synthesised by flite, festival and Pico"


def as_it_is(clip: Sound, _: np.random.Generator) -> Samples:
    """Return ``clip`` in a quiet room, as near as it was recorded."""
    return samples_of(at_level(clip, -25))


def in_a_room(clip: Sound, rng: np.random.Generator) -> Samples:
    """Return ``clip`` across a room with household noise: T60 0.3 to 0.6 s, noise 10 dB fainter."""
    far = reverberate(clip, rng, rng.uniform(0.3, 0.6), rng.uniform(-2, 6))
    noises = household()
    noise = noises[rng.integers(len(noises))]
    start = int(rng.integers(noise.size - far.size))
    return samples_of(at_level(beside(far, noise[start : start + far.size], 10), -25))


@cache
def household() -> list[Sound]:
    """Return the corpus's noises: a cat, dishes, an exercise bike ...; white noise where they are not here."""
    found = [sound(path) for path in sorted(CORPUS.glob("noise-*.wav"))]
    return found or [np.random.default_rng(0).standard_normal(60 * RATE)]


def best(rules: Rules, clip: Samples) -> float:
    """Return the highest score in ``clip``."""
    return max((wake.score for wake in heard(rules, [np.concatenate([_BEFORE, clip, _AFTER])])), default=0.0)


def heard(rules: Rules, sounds: Sequence[Samples]) -> Iterator[Wake]:
    """Yield the wake words in ``sounds``, near misses too, as ``rules`` hear them."""
    for each in sounds:
        for facts in told(fresh_ear(rules), each):
            yield from (fact for fact in facts[1] if isinstance(fact, Wake))


def told(ear: Ear, samples: Samples) -> Iterator[tuple[float, list[Heard]]]:
    """Yield what ``ear`` tells of ``samples``, tenth of a second by tenth of a second, and when it does."""
    for at in range(0, len(samples), RATE // 10):
        block = Block(at / RATE, samples[at : at + RATE // 10])
        yield block.ended_at, list(ear.feed(block))
    yield len(samples) / RATE, list(ear.finish())


def fresh_ear(rules: Rules) -> Ear:
    """Return an ear that has heard nothing yet, with the engines for ``rules``."""
    engines = _engines(rules)
    for engine in engines:
        engine.reset()
    return Ear("bench", RULES.wake.model_copy(update={"engines": rules}), WORDS, engines)


@lru_cache(4)
def _engines(rules: Rules) -> list[Engine]:
    engines, missing = engines_for(rules)
    if missing:
        print(*missing, sep="\n")
    return engines


def _unlearnt(rule: WakeEngineRule, heads: Path | None, fold: int) -> WakeEngineRule:
    path = heads.resolve() / f"{rule.model}.without{fold}.npz" if heads else None
    return rule.model_copy(update={"model": str(path)}) if path and rule.engine == "head" and path.exists() else rule


def other_speech(folder: Path | None) -> Others:
    """Return speech that nothing was learnt from, by the wake word that is in it."""
    found = {"": [sound(path) for kind in ("coffee", "precise", "word") for path in _odd(f"neg-{kind}*.wav")]}
    for word in RECORDED:
        found[word] = [sound(path) for path in sorted(CORPUS.glob(f"{word}-*.wav"))]
    if folder:
        for package in SPEECH:
            found[""] += list(decoded(spoken_files(folder, package)[1::2]))
    return {word: _long(sounds) for word, sounds in found.items()}


def _odd(pattern: str) -> list[Path]:
    return sorted(CORPUS.glob(pattern))[1::2]


def _long(sounds: list[Sound]) -> list[Samples]:
    """Return ``sounds`` in stretches of about a minute, with short pauses: dense speech."""
    stretches: list[list[Samples]] = [[]]
    for each in sounds:
        if sum(map(len, stretches[-1])) > 60 * RATE:
            stretches.append([])
        stretches[-1] += [samples_of(at_level(each, -25)), _BEFORE[: RATE // 3]]
    return [np.concatenate(stretch) for stretch in stretches if stretch]


def latency() -> None:
    """Print how long after the end of a word it is told, and how far off the told time is."""
    for word in RECORDED:
        late, off = [], []
        for clip in said(word):
            end = (_BEFORE.size + word_end(clip)) / RATE
            stream = np.concatenate([_BEFORE, samples_of(at_level(clip, -25)), _AFTER])
            for now, facts in told(fresh_ear(tuple(rules_for(RULES.wake, WORDS, [word]))), stream):
                late += [now - end for fact in facts if isinstance(fact, Wake) and not fact.near_miss]
                off += [abs(fact.time - end) for fact in facts if isinstance(fact, Wake) and not fact.near_miss]
        (soon, later), (near, far) = np.percentile(late, [50, 95]), np.percentile(off, [50, 95])
        print(f"{word}: told {soon:.2f} s after its end (95 %: {later:.2f} s), in blocks of 0.1 s; ", end="")
        print(f"the time told is off by {near:.2f} s (95 %: {far:.2f} s)")


def word_end(clip: Sound) -> int:
    """Return the place where what is said in ``clip`` ends."""
    found = levels(samples_of(clip), 160)
    smooth = np.convolve(np.pad(found, 2, mode="edge"), np.ones(5) / 5, "valid")
    return int(np.flatnonzero(smooth > smooth.max() - 24)[-1] + 1) * 160


def speech() -> None:
    """Print how much of speech is found, and how much of the pauses is taken for it, in noise of several strengths."""
    clips = [sound(path) for path in _odd("neg-coffee*.wav")]
    rng = np.random.default_rng(0)
    for snr in (30, 20, 10, 5):
        hit = total = false = quiet = 0
        for clip in clips:
            clean = np.concatenate([np.zeros(3 * RATE), at_level(clip, -25), np.zeros(3 * RATE)])
            noise = np.resize(household()[rng.integers(len(household()))], clean.size)
            truth = levels(samples_of(clean), 160) > -50
            found = _talk(samples_of(beside(clean, noise, snr)), truth.size)
            near = np.convolve(truth, np.ones(101), "same") > 0
            hit, total = hit + int((found & truth).sum()), total + int(truth.sum())
            false, quiet = false + int((found & ~near).sum()), quiet + int((~near).sum())
        print(
            f"{snr:>3} dB: {hit / total:.3f} of speech found, {false / quiet:.3f} of the noise alone taken for speech"
        )


def _talk(samples: Samples, frames: int) -> NDArray[np.bool_]:
    found = np.zeros(frames, bool)
    for _, facts in told(fresh_ear(()), samples):
        for fact in facts:
            if isinstance(fact, Speech) and fact.kind == "speech":
                found[round(fact.time * 100) : round(fact.ended_at * 100)] = True
    return found


def cost(minutes: float) -> None:
    """Print start-up, share of one core, memory and its growth, for all words and for the Echo's alone."""
    for wanted in ("", "alexa", "alexa,amazon,echo,computer,ziggy"):
        command = [sys.executable, "-c", f"from bench.ears import cost_of; cost_of({wanted!r}, {minutes})"]
        subprocess.run(command, check=True)


def cost_of(wanted: str, minutes: float) -> None:
    """Hear other speech for ``minutes`` with the engines for ``wanted``, and print what it took."""
    begun = time.perf_counter()
    ear = fresh_ear(tuple(rules_for(RULES.wake, WORDS, wanted.split(",") if wanted else None)))
    ready = time.perf_counter() - begun
    stretch = np.concatenate([_BEFORE, *(samples_of(sound(path)) for path in _odd("neg-coffee*.wav")[:3]), _AFTER])
    used, count, before = time.process_time(), int(minutes * 600), 0.0
    for at in range(count):
        start = at * RATE // 10 % (stretch.size - RATE)
        for _ in ear.feed(Block(at / 10, stretch[start : start + RATE // 10])):
            pass
        before = rss() if at == count // 4 else before
    share = (time.process_time() - used) / (count / 10)
    print(f"{wanted or 'all words'}: engines ready in {ready:.1f} s, {share:.2%} of one core of this machine, ", end="")
    print(
        f"RSS {rss():.0f} MB, {rss() - before:+.1f} MB in the last three quarters of {minutes:.0f} minutes",
        flush=True,
    )


def rss() -> float:
    """Return how much memory this process has, in MB."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def enrolment(asked: argparse.Namespace) -> None:
    """Print what is learnt of a few recordings of a word for which we pretend to have no model."""
    others = other_speech(asked.speech)
    for word in asked.words or RECORDED:
        clips = said(word)
        for count in (5, 10):
            order = np.random.default_rng(count).permutation(len(clips))
            begun = time.process_time()
            learnt = enrol([samples_of(clips[at]) for at in order[:count]], np.random.default_rng(0))
            print(f"\n## {word}, learnt of {count} recordings in {time.process_time() - begun:.0f} s")
            with TemporaryDirectory() as folder:
                path = Path(folder) / "own.npz"
                learnt.head.save(path)
                rules = (rule_of(word, path, learnt, count),)
                table(word, [clips[at] for at in order[count:]], [rules], falsely_heard(rules, others), others)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("words", "latency", "speech", "cost", "enrol"))
    parser.add_argument("words", nargs="*", help="wake words; all, if none is named")
    parser.add_argument(
        "--heads", type=Path, help="folder of heads trained with --fold, for clips that ours have learnt"
    )
    parser.add_argument("--speech", type=Path, help="the folder that bench.bank fetched other speech to")
    parser.add_argument("--neural", action="store_true", help="words: said by bench.neural")
    parser.add_argument("--minutes", type=float, default=10, help="of sound, to measure the cost of")
    return parser.parse_args()


if __name__ == "__main__":
    main()
