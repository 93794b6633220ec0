# SPDX-License-Identifier: GPL-2.0-or-later
"""Heads of one shape, judged at once: a dozen small products take longer than one large one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from appliance.ears.embedding import Embeddings
from appliance.ears.head import Head


class Stack:
    """Several heads whose layers are equally large. Their first layers make one matrix, evening included."""

    def __init__(self, heads: Sequence[Head]) -> None:
        self.frames = heads[0].frames
        evened = [_evened(head) for head in heads]
        self._first = np.concatenate([weights for weights, _ in evened], axis=1)
        self._first_biases = np.stack([biases for _, biases in evened])[:, np.newaxis]
        layers = range(1, len(heads[0].weights))
        self._weights = [np.stack([head.weights[layer] for head in heads]) for layer in layers]
        self._biases = [np.stack([head.biases[layer] for head in heads])[:, np.newaxis] for layer in layers]

    def scores(self, windows: Embeddings) -> NDArray[np.float32]:
        """Return the scores of ``windows``, shape (count, frames, WIDTH), by each head: (count, heads)."""
        flat = windows.reshape(len(windows), -1) @ self._first
        values = flat.reshape(len(windows), len(self._first_biases), -1).transpose(1, 0, 2) + self._first_biases
        for weights, biases in zip(self._weights, self._biases, strict=True):
            values = np.maximum(values, np.float32(0)) @ weights + biases
        found: NDArray[np.float32] = 1 / (1 + np.exp(-np.clip(values[:, :, 0].T, -30, 30)))
        return found


def _evened(head: Head) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the first layer of ``head`` for embeddings as they are."""
    mean, spread = (np.tile(each, head.frames).astype(np.float64) for each in (head.mean, head.spread))
    weights = head.weights[0] / spread[:, np.newaxis]
    return weights.astype(np.float32), (head.biases[0] - mean @ weights).astype(np.float32)
