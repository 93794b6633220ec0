# SPDX-License-Identifier: GPL-2.0-or-later
"""Trains the heads that the package brings.

python -m bench.heads WORD... --bank FILE --out FOLDER [--fold 0|1] [--synthesised]

Words of which ../shared/corpus/speech holds recordings are learnt from those, all others from Debian's synthesisers.
With --fold every second recording, or all voices but those of one synthesiser, are left out, so that they can measure
what was learnt: bench.ears does that. The bank is one of bench.bank's, larger than that which the package brings.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np

from appliance.ears.augment import Sound, sound_of
from appliance.ears.enrol import EnrolError, learn, negatives, word_in
from appliance.ears.recording import blocks
from bench.voices import voices

SPEECH = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "speech"
#: What the corpus has real recordings of; its others are synthesised.
RECORDED = ("alexa", "computer")
#: Spelt so that synthesisers say it.
SPELT = {"hey sonos": "hey so-nos"}
_SCENES = 960  #: made of all sayings of one word
_SPOKEN = 150  #: sayings of one word by synthesisers


def main() -> None:
    """Learn each word and write its head."""
    asked = _arguments()
    stretches = negatives(asked.bank)
    for word in asked.words:
        rng = np.random.default_rng(11)
        real = word in RECORDED and not asked.synthesised
        said = recorded(word, asked.fold) if real else spoken(word, rng, asked.fold)
        learnt = learn(said, talk(), -(-_SCENES // len(said)), stretches, rng)
        name = word.replace(" ", "-") + ("" if asked.fold is None else f".without{asked.fold}")
        learnt.head.save(asked.out / f"{name}.npz")
        print(f"{word}: {len(said)} sayings, heard {learnt.heard:.3f}, near_miss {learnt.near_miss:.3f}", flush=True)


def sound(path: Path) -> Sound:
    """Return the recording ``path`` at 16 kHz mono."""
    return sound_of(np.concatenate([block.samples for block in blocks(path, 0.0)]))


def recorded(word: str, fold: int | None) -> list[Sound]:
    """Return the recordings of ``word``, without those of the ``fold``."""
    found = []
    for at, path in enumerate(sorted(SPEECH.glob(f"{word}-*.wav"))):
        if at % 2 != fold:
            samples = np.concatenate([block.samples for block in blocks(path, 0.0)])
            try:
                found.append(word_in(samples))
            except EnrolError as error:
                print(f"{path.name}: {error}")
    return found


def spoken(word: str, rng: np.random.Generator, fold: int | None) -> list[Sound]:
    """Return ``word`` by many voices; with a ``fold`` by those of espeak-ng alone."""
    every = [voice for voice in voices((0.85, 0.95, 1.05, 1.2)) if fold is None or voice.engine == "espeak-ng"]
    rare = [voice for voice in every if voice.engine != "espeak-ng"]
    chosen = rare + [every[at] for at in rng.integers(len(every), size=_SPOKEN - len(rare))]
    found = []
    for voice in chosen:
        try:
            found.append(voice.say(SPELT.get(word, word)))
        except (subprocess.CalledProcessError, ValueError):
            print(f"{voice} cannot say {word}")
    return found


def talk() -> Sound:
    """Return speech without any wake word, for before and after it."""
    return np.concatenate([sound(path) for path in sorted(SPEECH.glob("neg-coffee*.wav"))[::2]])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="+")
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int, choices=(0, 1))
    parser.add_argument("--synthesised", action="store_true", help="as if there were no recordings of any word")
    return parser.parse_args()


if __name__ == "__main__":
    main()
