# SPDX-License-Identifier: GPL-2.0-or-later
"""Small networks on the shared embedding: ours, as enrolment makes them, and those in openWakeWord's format."""

import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from appliance.ears.embedding import STEP, WIDTH, WINDOW, Embedding, Embeddings, session
from appliance.ears.engine import EngineError, Samples, Score
from appliance.limits import HEAD_BYTES
from appliance.rules.wake import HeadRule

#: Where the heads are that the package brings.
PACKAGED = Path(__file__).parent / "models"

#: The last embeddings, WINDOW of them, to a score.
Judge: TypeAlias = Callable[[Embeddings], float]


class Head(NamedTuple):
    """The weights of one of ours: the last ``frames`` embeddings, made even, through two small layers to one score."""

    mean: NDArray[np.float32]  #: of each of the WIDTH numbers
    spread: NDArray[np.float32]
    weights: tuple[NDArray[np.float32], ...]  #: of each layer, inputs by outputs
    biases: tuple[NDArray[np.float32], ...]

    @property
    def frames(self) -> int:
        """How many embeddings it looks at."""
        return int(self.weights[0].shape[0]) // WIDTH

    def scores(self, windows: Embeddings) -> NDArray[np.float32]:
        """Return the score of each of ``windows``, shape (count, frames, WIDTH)."""
        values: Embeddings = ((windows - self.mean) / self.spread).reshape(len(windows), -1)
        for weights, biases in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values = np.maximum(values @ weights + biases, np.float32(0))
        logits = (values @ self.weights[-1] + self.biases[-1])[:, 0]
        found: NDArray[np.float32] = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return found

    def save(self, path: Path) -> None:
        """Write it to ``path``."""
        layers: dict[str, NDArray[Any]] = {f"w{at}": each.astype(np.float16) for at, each in enumerate(self.weights)}
        layers |= {f"b{at}": each for at, each in enumerate(self.biases)}
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, mean=self.mean, spread=self.spread, **layers)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read it from ``path``; EngineError if that is no head."""
        arrays = _arrays(path)
        depth = sum(name.startswith("w") for name in arrays)
        try:
            head = cls(
                arrays["mean"],
                arrays["spread"],
                tuple(arrays[f"w{at}"] for at in range(depth)),
                tuple(arrays[f"b{at}"] for at in range(depth)),
            )
            head.scores(np.zeros((1, head.frames, WIDTH), np.float32))
        except (KeyError, IndexError, ValueError) as error:
            raise EngineError(f"{path} is no head: {error}") from None
        return head


def _arrays(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return what the file holds, by name."""
    try:
        with path.open("rb") as raw, zipfile.ZipFile(raw) as whole:
            if sum(each.file_size for each in whole.infolist()) > HEAD_BYTES:
                raise EngineError(f"{path} holds more than {HEAD_BYTES} bytes: it is no head")
            raw.seek(0)
            with np.load(raw, allow_pickle=False) as file:
                return {name: file[name].astype(np.float32) for name in file.files}
    except (OSError, ValueError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise EngineError(f"{path} cannot be read: {error}") from None


class Heads:
    """The head rules of a household, which share the embedding."""

    def __init__(self, rules: Sequence[HeadRule]) -> None:
        self._judges = [(rule, _judge(rule)) for rule in rules]
        self._embedding = Embedding()
        self._silence = self._embedding.feed(np.zeros(WINDOW * STEP, np.int16))
        self._window = self._silence
        self._at = 0
        self._embedding.reset()

    def feed(self, samples: Samples) -> list[Score]:
        """Return a score for each word every 80 ms, where it is not below the rule's near miss."""
        scores = []
        for embedding in self._embedding.feed(samples):
            self._at += STEP
            self._window = np.concatenate((self._window[1:], embedding[np.newaxis]))
            for rule, judge in self._judges:
                value = judge(self._window)
                if value >= rule.near_miss and value > 0:
                    scores.append(Score(self._at, rule.id, value))
        return scores

    def reset(self) -> None:
        """Begin as after a long silence."""
        self._embedding.reset()
        self._window = self._silence
        self._at = 0


def _judge(rule: HeadRule) -> Judge:
    path = rule.own_file or PACKAGED / f"{rule.model}.npz"
    return _openwakeword(path) if path.suffix == ".onnx" else _ours(Head.load(path))


def _ours(head: Head) -> Judge:
    return lambda window: float(head.scores(window[np.newaxis, -head.frames :])[0])


def _openwakeword(path: Path) -> Judge:
    """Return a head in openWakeWord's format: in (1, WINDOW, WIDTH), out one number."""
    if not path.is_file():
        raise EngineError(f"there is no file {path}")
    network = session(str(path))
    (given, *_) = network.get_inputs()
    if list(given.shape[1:]) != [WINDOW, WIDTH]:
        raise EngineError(f"{path} is no head in openWakeWord's format: it takes {given.shape}")
    return lambda window: float(np.clip(network.run(None, {given.name: window[np.newaxis]})[0].flat[0], 0, 1))
