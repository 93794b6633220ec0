# SPDX-License-Identifier: GPL-2.0-or-later
"""A small network on the shared embedding that knows one word, as training and enrolment make it."""

import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from appliance.ears.embedding import WIDTH, Embeddings
from appliance.ears.engine import EngineError
from appliance.limits import HEAD_BYTES


class Head(NamedTuple):
    """The weights of one head: the last ``frames`` embeddings, made even, through two small layers to one score."""

    mean: NDArray[np.float32]  #: of each of the WIDTH numbers
    spread: NDArray[np.float32]
    weights: tuple[NDArray[np.float32], ...]  #: of each layer, inputs by outputs
    biases: tuple[NDArray[np.float32], ...]

    @property
    def shape(self) -> tuple[tuple[int, ...], ...]:
        """How large its layers are: heads of one shape can be judged together."""
        return tuple(each.shape for each in self.weights)

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
