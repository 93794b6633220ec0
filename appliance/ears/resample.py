# SPDX-License-Identifier: GPL-2.0-or-later
"""Brings sound of any rate and any number of channels to 16 kHz mono, piece by piece."""

from math import gcd

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from appliance.ears.engine import RATE, Samples

_ZERO_CROSSINGS = 24  #: of the filter, each side
_KAISER_BETA = 9.0  #: 90 dB of what would fold back is gone
_PASSES = 0.94  #: share of the band that stays as it is: up to 7.5 kHz


class Resampler:
    """Turns pieces of sound at ``rate`` into pieces at RATE: a windowed sinc in polyphase form.

    The result is as long as what it was made of, and in time with it: the first output is the first input's moment.
    What the filter must wait for comes with the next piece, or with ``finish``.
    """

    def __init__(self, rate: int) -> None:
        common = gcd(rate, RATE)
        self._up, self._down = RATE // common, rate // common
        ratio = max(rate / RATE, 1.0)
        self._half = 0 if rate == RATE else int(np.ceil(_ZERO_CROSSINGS * ratio))
        self._bank = _bank(self._up, self._half, ratio)
        self._waiting = np.zeros(self._half)
        self._next = 0  #: the next output's place among what waits, in steps of 1/up of an input
        self._fed = self._made = 0  #: inputs and outputs so far

    def feed(self, frames: NDArray[np.float64]) -> Samples:
        """Take ``frames``, shape (count,) or (count, channels), full scale 1; return what is complete of the result."""
        mono = frames if frames.ndim == 1 else frames.mean(axis=1)
        self._fed += mono.size
        self._waiting = np.concatenate((self._waiting, mono))
        last = self._waiting.size - 2 * self._half - 1  # the last input that has all its neighbours
        count = max(0, (last * self._up + self._up - 1 - self._next) // self._down + 1) if last >= 0 else 0
        return self._make(count)

    def finish(self) -> Samples:
        """Return the rest: behind the end there is silence."""
        count = (2 * self._fed * self._up + self._down) // (2 * self._down) - self._made
        self._waiting = np.concatenate((self._waiting, np.zeros(2 * self._half + self._down)))
        return self._make(count)

    def _make(self, count: int) -> Samples:
        steps = self._next + np.arange(count) * self._down
        places, phases = steps // self._up, steps % self._up
        windows = sliding_window_view(self._waiting, self._bank.shape[1])[places] if count else np.empty((0, 1))
        made = np.einsum("nk,nk->n", windows, self._bank[phases]) if count else np.empty(0)
        self._next += count * self._down
        used = self._next // self._up
        self._waiting = self._waiting[used:]
        self._next -= used * self._up
        self._made += count
        return np.clip(np.rint(made * 32768.0), -32768, 32767).astype(np.int16)


def _bank(up: int, half: int, ratio: float) -> NDArray[np.float64]:
    """Return the filter for each of ``up`` phases between two inputs."""
    if half == 0:
        return np.ones((1, 1))
    offsets = np.arange(-half, half + 1)[np.newaxis, :] - np.arange(up)[:, np.newaxis] / up
    window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(0, 1 - (offsets / (half + 1)) ** 2))) / np.i0(_KAISER_BETA)
    taps = np.sinc(offsets / ratio * _PASSES) * window
    bank: NDArray[np.float64] = taps / taps.sum(axis=1, keepdims=True)
    return bank
