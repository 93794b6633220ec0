# SPDX-License-Identifier: GPL-2.0-or-later
"""Trains the heads that the package brings.

python -m bench.heads WORD... --bank FILE --out FOLDER [--fold 0|1] [--synthesised] [--neural]

Words of which ../shared/corpus/speech holds recordings are learnt from those, all others from Debian's synthesisers.
With --fold every second recording, or all voices but those of one synthesiser, are left out, so that they can measure
what was learnt: bench.ears does that. The bank is one of bench.bank's, larger than that which the package brings.
With --neural the voices of bench.neural say most of it: none of the packaged heads has learnt from them.
"""

import argparse
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from appliance.ears.augment import Sound, elsewhere, samples_of, sound_of
from appliance.ears.embedding import Embedding, Embeddings
from appliance.ears.engine import RATE
from appliance.ears.enrol import FRAMES, EnrolError, learn, negatives, word_in
from appliance.ears.recording import blocks
from bench.bank import CONFUSABLE
from bench.voices import Voice, neural_voices, voices

SPEECH = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "speech"
#: What the corpus has real recordings of; its others are synthesised.
RECORDED = ("alexa", "computer")
#: Spelt so that synthesisers say it.
SPELT = {"hey sonos": "hey so-nos"}
_SPEEDS = (0.85, 0.95, 1.05, 1.2)
_SCENES = 960  #: made of all sayings of one word
_SPOKEN = 150  #: sayings of one word by synthesisers
_NEURAL = {"kokoro": 32, "joe": 28, "espeak-ng": 40}  #: and with the neural ones


def main() -> None:
    """Learn each word and write its head."""
    asked = _arguments()
    stretches = [*negatives(asked.bank), *(misleading() if asked.neural else ())]
    for word in asked.words:
        rng = np.random.default_rng(11)
        real = word in RECORDED and not asked.synthesised
        said = recorded(word, asked.fold) if real else spoken(word, chosen(rng, asked.fold, neural=asked.neural))
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


def chosen(rng: np.random.Generator, fold: int | None, *, neural: bool) -> list[Voice]:
    """Return voices to learn from; with a ``fold`` without those of flite and festival."""
    every = [voice for voice in voices(_SPEEDS) if fold is None or voice.engine == "espeak-ng"]
    rare = [voice for voice in every if voice.engine != "espeak-ng"]
    if not neural:
        return rare + [every[at] for at in rng.integers(len(every), size=_SPOKEN - len(rare))]
    every += neural_voices(_SPEEDS)
    for engine, most in _NEURAL.items():
        of_engine = [voice for voice in every if voice.engine == engine]
        rare += [of_engine[at] for at in rng.permutation(len(of_engine))[:most]]
    return rare


def misleading() -> Iterator[Embeddings]:
    """Yield what is nearly a wake word, by neural voices: else a head would learn the voices and not the word."""
    rng = np.random.default_rng(12)
    several = list(neural_voices((0.9, 1.1)))
    embedding = Embedding()
    for near in CONFUSABLE.replace("\n", " ").split(","):
        said = several[rng.integers(len(several))].say(near.strip())
        embedding.reset()
        found = embedding.feed(samples_of(elsewhere(np.pad(said, (RATE // 2, RATE)), rng)))
        if len(found) > FRAMES:
            yield found.astype(np.float16)


def spoken(word: str, by: list[Voice]) -> list[Sound]:
    """Return ``word`` as it is said ``by`` many voices."""
    found = []
    for voice in by:
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
    parser.add_argument("--neural", action="store_true", help="learn from the voices of bench.neural, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
