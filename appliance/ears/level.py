# SPDX-License-Identifier: GPL-2.0-or-later
"""How loud it is, and how quiet the room is when nobody makes a noise."""

from collections import deque
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from appliance.ears.engine import Samples

Levels: TypeAlias = NDArray[np.float64]

#: dBFS of digital silence: 16 bits tell no less.
SILENCE_DB = -96.0


def level(samples: Samples) -> float:
    """Return the level of ``samples`` in dBFS: a full-scale square wave has 0."""
    return float(levels(samples, samples.size)[0]) if samples.size else SILENCE_DB


def levels(samples: Samples, frame: int) -> Levels:
    """Return the level in dBFS of each ``frame`` samples; what is left over at the end is passed over."""
    frames = samples[: samples.size // frame * frame].reshape(-1, frame).astype(np.float32)
    power = np.mean((frames - frames.mean(axis=1, keepdims=True)) ** 2, axis=1) / 2.0**30
    found: Levels = 10 * np.log10(np.maximum(power, 10 ** (SILENCE_DB / 10)))
    return found


class Floor:
    """The room's floor: the quietest of the last ``frames`` levels, smoothed over some so that one gap is no floor."""

    def __init__(self, frames: int, smooth: int = 10) -> None:
        self._last: deque[float] = deque(maxlen=smooth)
        self._frames = frames
        self._at = 0
        self._lows: deque[tuple[int, float]] = deque()  #: (when, level), levels rising: the first is the lowest

    def feed(self, level: float) -> float:
        """Take the next level and return the floor."""
        self._last.append(level)
        smooth = max(self._last)
        while self._lows and self._lows[-1][1] >= smooth:
            self._lows.pop()
        self._lows.append((self._at, smooth))
        if self._lows[0][0] <= self._at - self._frames:
            self._lows.popleft()
        self._at += 1
        return self._lows[0][1]
