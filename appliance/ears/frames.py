# SPDX-License-Identifier: GPL-2.0-or-later
"""Cuts a stream of sound into frames of one length."""

from collections.abc import Iterator

import numpy as np

from appliance.ears.engine import Samples


class Frames:
    """Cuts whatever is fed into frames of ``length`` samples; the rest waits for the next feeding."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.reset()

    def reset(self) -> None:
        """Forget what waits, and count from nothing."""
        self._rest = np.empty(0, np.int16)
        self._at = 0

    def feed(self, samples: Samples) -> Iterator[tuple[int, Samples]]:
        """Yield each frame that is complete, with the number of samples from the beginning to its end."""
        waiting = np.concatenate((self._rest, samples)) if self._rest.size else samples
        whole = waiting.size - waiting.size % self.length
        self._rest = waiting[whole:].copy()
        for frame in waiting[:whole].reshape(-1, self.length):
            self._at += self.length
            yield self._at, frame
