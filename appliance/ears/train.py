# SPDX-License-Identifier: GPL-2.0-or-later
"""Trains a head: a small network that tells windows with the word in them from all others, in numpy alone."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from appliance.ears.embedding import Embeddings
from appliance.ears.head import Head

_LAYERS = (64, 32)
_BATCH = 64  #: windows with the word in one step, and three times as many without
_HARD_EVERY = 200  #: steps between two searches for the negatives that are taken for the word
_HARD_SHARE = 0.02  #: of the negatives, the worst
_RATE = 1e-3
_DECAY = 1e-3  #: by which weights shrink, in each step, of the rate
_BLUR = 0.3  #: spread of the noise on the inputs, against learning them by heart


class Bank(NamedTuple):
    """Embeddings of speech without the word, as they follow on one another, and where windows may end."""

    embeddings: Embeddings  #: (count, WIDTH); float16 will do
    ends: NDArray[np.int64]  #: places of last embeddings of whole windows

    def windows(self, chosen: NDArray[np.int64], frames: int) -> Embeddings:
        """Return the windows that end at ``chosen``."""
        places = chosen[:, np.newaxis] + np.arange(1 - frames, 1)
        windows: Embeddings = self.embeddings[places].astype(np.float32)
        return windows


def bank(streams: list[Embeddings], frames: int) -> Bank:
    """Return the bank of ``streams``; no window reaches from one into another."""
    starts = np.cumsum([0, *(len(each) for each in streams)])
    ends = [np.arange(start + frames - 1, end) for start, end in pairwise(starts.tolist())]
    return Bank(np.concatenate(streams), np.concatenate(ends))


def train(positives: Embeddings, negatives: Bank, rng: np.random.Generator, steps: int) -> Head:
    """Return a head that tells ``positives``, shape (count, frames, WIDTH), from the windows of ``negatives``."""
    frames = positives.shape[1]
    sample = negatives.embeddings[:: max(1, len(negatives.embeddings) // 20_000)].astype(np.float32)
    network = _Network(sample.mean(axis=0), sample.std(axis=0) + 1e-3, frames, rng)
    hard = negatives.ends[:0]
    for step in range(steps):
        if step % _HARD_EVERY == _HARD_EVERY - 1:
            hard = _hardest(network.head, negatives, frames)
        easy = rng.choice(negatives.ends, (3 if hard.size == 0 else 2) * _BATCH)
        chosen = np.concatenate((easy, rng.choice(hard, _BATCH))) if hard.size else easy
        with_word = positives[rng.integers(len(positives), size=_BATCH)]
        windows = np.concatenate((with_word, negatives.windows(chosen, frames)))
        network.learn(windows, np.arange(len(windows)) < _BATCH, _RATE * (1 - step / steps))
    return network.head


def _hardest(head: Head, negatives: Bank, frames: int) -> NDArray[np.int64]:
    """Return the ends of the negative windows that the head takes for the word most."""
    parts = np.array_split(negatives.ends, max(1, len(negatives.ends) // 2000))
    scores = np.concatenate([head.scores(negatives.windows(part, frames)) for part in parts])
    count = max(_BATCH, int(_HARD_SHARE * len(scores)))
    return negatives.ends[np.argsort(scores)[-count:]]


class _Network:
    """A head that learns, by Adam (Kingma and Ba 2015) with decoupled decay."""

    def __init__(
        self, mean: NDArray[np.float32], spread: NDArray[np.float32], frames: int, rng: np.random.Generator
    ) -> None:
        sizes = (frames * mean.size, *_LAYERS, 1)
        self._weights = [(rng.standard_normal((a, b)) * np.sqrt(2 / a)).astype(np.float32) for a, b in pairwise(sizes)]
        self._biases = [np.zeros(size, np.float32) for size in sizes[1:]]
        self._moments = [(np.zeros_like(each), np.zeros_like(each)) for each in (*self._weights, *self._biases)]
        self._mean, self._spread = mean.astype(np.float32), spread.astype(np.float32)
        self._rng = rng
        self._steps = 0

    @property
    def head(self) -> Head:
        """What was learnt so far."""
        return Head(self._mean, self._spread, tuple(self._weights), tuple(self._biases))

    def learn(self, windows: Embeddings, said: NDArray[np.bool_], rate: float) -> None:
        """Take one step towards telling the windows in which the word was ``said`` from the others."""
        inputs = ((windows - self._mean) / self._spread).reshape(len(windows), -1)
        inputs += self._rng.standard_normal(inputs.shape, np.float32) * np.float32(_BLUR)
        values = [inputs]
        for weights, biases in zip(self._weights[:-1], self._biases[:-1], strict=True):
            values.append(np.maximum(values[-1] @ weights + biases, 0))
        logits = values[-1] @ self._weights[-1] + self._biases[-1]
        slope = (1 / (1 + np.exp(-np.clip(logits, -30, 30))) - said[:, np.newaxis]).astype(np.float32) / len(windows)
        weight_slopes: list[NDArray[np.float32]] = []
        bias_slopes: list[NDArray[np.float32]] = []
        for at in reversed(range(len(self._weights))):
            weight_slopes.insert(0, values[at].T @ slope)
            bias_slopes.insert(0, slope.sum(axis=0))
            slope = (slope @ self._weights[at].T) * (values[at] > 0)
        self._step([*weight_slopes, *bias_slopes], rate)

    def _step(self, slopes: list[NDArray[np.float32]], rate: float) -> None:
        self._steps += 1
        for each, slope, (first, second) in zip((*self._weights, *self._biases), slopes, self._moments, strict=True):
            first[:] += 0.1 * (slope - first)
            second[:] += 0.001 * (slope**2 - second)
            scale = np.sqrt(second / (1 - 0.999**self._steps)) + 1e-8
            each[:] -= np.float32(rate) * (first / (1 - 0.9**self._steps) / scale + np.float32(_DECAY) * each)
