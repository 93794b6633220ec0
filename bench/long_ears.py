# SPDX-License-Identifier: GPL-2.0-or-later
"""The ears for long: hours of talk in which nobody says a wake word, and days on end, for the memory they take.

python -m bench.long_ears talk FOLDER        # the folder that bench.bank fetched other speech to
python -m bench.long_ears days FOLDER --hours 168
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from appliance.clocks import Boot
from appliance.ears.augment import Sound, at_level, beside, noise, samples_of
from appliance.ears.block import Block
from appliance.ears.ear import Ear
from appliance.ears.engine import RATE, Samples
from appliance.events import Coverage, Service, Speech, Wake
from appliance.heard.account import Account
from appliance.heard.held import Held
from appliance.heard.stretches import Stretches
from appliance.ledger import Ledger, open_ledger
from bench.bank import SPEECH, decoded, spoken_files
from bench.dialogue import dialogue
from bench.ears import RULES, fresh_ear, rss, told
from bench.heads import SPEECH as CORPUS
from bench.heads import sound

_HOUR_S = 3600
_BLOCK_S = 1.0
_TALK = tuple(package for package in SPEECH if package.startswith("asterisk"))  #: sentences, not single syllables


def main() -> None:
    """Measure what is asked for."""
    asked = _arguments()
    if asked.what == "talk":
        talk(asked.folder)
    else:
        days(asked.folder, asked.hours)


def talk(folder: Path) -> None:
    """Print what is heard in an hour of talk of each kind, in which no wake word is said.

    The marks of the rules were chosen by the first kind, from which no head has learnt, and not by the others.
    """
    kinds = {"prompts, commands": _spoken(folder)}
    kinds |= {name: _conversation([lines]) for name, lines in dialogue(folder).items()}
    for kind, spoken in kinds.items():
        hour = np.concatenate([*islice(spoken, 100_000)])[: _HOUR_S * RATE]
        heard = Counter[tuple[str, bool]]()
        for _, facts in told(fresh_ear(tuple(RULES.wake.engines)), hour):
            heard.update((fact.word, fact.near_miss) for fact in facts if isinstance(fact, Wake))
        print(f"\n{kind}: {len(hour) / RATE / 60:.0f} minutes, real recordings\nword            heard   nearly")
        for word in sorted({rule.word for rule in RULES.wake.engines}):
            print(f"{word:<12}{heard[word, False]:>9}{heard[word, True]:>9}", flush=True)


def _spoken(folder: Path) -> Iterator[Samples]:
    """Yield recordings in turn of all sources of bench.bank that are sentences."""
    sources = [decoded(spoken_files(folder, package)[1::2]) for package in _TALK]
    return _conversation([*sources, (sound(path) for path in sorted(CORPUS.glob("neg-coffee*.wav"))[1::2])])


def _conversation(sources: list[Iterator[Sound]]) -> Iterator[Samples]:
    """Yield what is said by each of ``sources`` in turn, with the pauses of people who talk to each other."""
    rng = np.random.default_rng(3)
    while sources:
        for source in list(sources):
            piece = next(source, None)
            if piece is None:
                sources.remove(source)
            else:
                yield samples_of(at_level(piece, rng.uniform(-35, -20)))
                yield rng.integers(-8, 9, int(rng.uniform(0.2, 0.8) * RATE)).astype(np.int16)


class _Ear(NamedTuple):
    """An ear as the ears' service keeps it."""

    name: str
    held: Held
    stretches: Stretches


def days(folder: Path, hours: float) -> None:
    """Hear so many hours, with gaps and unplugging, into a ledger as the service does; print the memory by the hour."""
    with tempfile.TemporaryDirectory() as place:
        ledger = Path(place) / "ledger.sqlite"

        def open_anew() -> tuple[Ledger, int]:
            opened = open_ledger(ledger, service=Service.EARS, now=time.time())
            return opened, opened.begin("bench", 0.0)

        account = Account(Path(place), Service.EARS, RULES, Boot("bench", 0), open_anew)
        ear, row = fresh_ear(tuple(RULES.wake.engines)), _Ear("bench", Held(RULES.wake.speech), Stretches("bench", 0))
        used, begun = time.process_time(), 0.0
        for at, block in enumerate(_blocks(folder, hours)):
            _hear(ear, row, account, block)
            if (at * _BLOCK_S) % _HOUR_S == 0:
                begun = rss() if at * _BLOCK_S <= _HOUR_S else begun
                print(f"{at * _BLOCK_S / _HOUR_S:5.0f} h: {rss():.1f} MB, {rss() - begun:+.1f}", flush=True)
        account.close([row], [], hours * _HOUR_S)
        took = (time.process_time() - used) / _HOUR_S
        print(f"ledger: {ledger.stat().st_size / 1e6:.1f} MB; {took:.2f} h of one core, {took / hours:.2%}")


def _hear(ear: Ear, row: _Ear, account: Account, block: Block) -> None:
    news = []
    for fact in ear.feed(block):
        match fact:
            case Wake(near_miss=False):
                news.append(fact)
            case Wake() | Speech():
                row.held.keep(fact)
            case Coverage():
                row.stretches.feed(fact)
    account.write([row], news, block.ended_at)


def _blocks(folder: Path, hours: float) -> Iterator[Block]:
    """Yield a house's sound: talk one third of the time, noises, quiet; every hour something is lost, or unplugged."""
    rng = np.random.default_rng(5)
    minutes = list(_minutes(folder, rng))
    moment, size = 0.0, int(_BLOCK_S * RATE)
    for minute, samples in enumerate(islice(cycle(minutes), int(hours * 60))):
        if minute % 60 == 59:
            moment += rng.choice([0.5, 20.0])
        for first in range(0, len(samples), size):
            lost = RATE if minute % 60 == 30 and first == 0 else 0
            yield Block(moment, samples[first : first + size], lost)
            moment += _BLOCK_S


def _minutes(folder: Path, rng: np.random.Generator) -> Iterator[Samples]:
    """Yield 30 different minutes of a house."""
    minute = 60 * RATE
    speech = np.concatenate([*islice(_spoken(folder), 600)])
    words = [sound(path) for name in ("alexa", "computer") for path in sorted(CORPUS.glob(f"{name}-0*.wav"))[:10]]
    for at in range(30):
        quiet: Sound = rng.standard_normal(minute) * 3e-4
        if at % 3 == 0:
            start = int(rng.integers(max(1, speech.size - minute)))
            quiet[: min(minute, speech.size)] += np.resize(speech[start:], minute)[:minute] / 32768
            word = words[at % len(words)]
            quiet[: word.size] += word
        elif at % 3 == 1:
            quiet = beside(quiet, noise(minute, rng), -20)
        yield samples_of(np.clip(quiet, -1, 1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("talk", "days"))
    parser.add_argument("folder", type=Path, help="that bench.bank fetched other speech to")
    parser.add_argument("--hours", type=float, default=168, help="of sound; a week")
    return parser.parse_args()


if __name__ == "__main__":
    main()
