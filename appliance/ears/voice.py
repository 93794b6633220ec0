# SPDX-License-Identifier: GPL-2.0-or-later
"""Is somebody talking? pymicro-vad (Apache-2.0), a small network that says so every 10 ms."""

import numpy as np
from numpy.typing import NDArray
from pymicro_vad import MicroVad

from appliance.ears.engine import Samples

FRAME = 160  #: samples of which it judges at once


class Voice:
    """Gives each ``FRAME`` samples the chance that they are speech."""

    def __init__(self) -> None:
        self._network = MicroVad()
        self._last = 0.0

    def feed(self, samples: Samples) -> NDArray[np.float64]:
        """Return a chance for each frame of ``samples``, whose number must be a multiple of ``FRAME``."""
        chances = [self._judge(samples[at : at + FRAME]) for at in range(0, samples.size, FRAME)]
        return np.array(chances, np.float64)

    def reset(self) -> None:
        """Forget all that was heard."""
        self._network.reset()
        self._last = 0.0

    def _judge(self, frame: Samples) -> float:
        chance = self._network.process_10ms(frame.tobytes())
        if chance >= 0:  # it is negative where the network waits for more
            self._last = chance
        return self._last
