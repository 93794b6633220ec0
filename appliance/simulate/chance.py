# SPDX-License-Identifier: GPL-2.0-or-later
"""Chance by name: every decision draws from its own stream, so that one behaviour never disturbs another's dice."""

import random
from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True, slots=True)
class Chance:
    """All the chance of one household, by its seed."""

    seed: int

    def dice(self, *purpose: object) -> random.Random:
        """Return the dice of one purpose, the same for the same seed and purpose in every run."""
        return random.Random("/".join(map(str, (self.seed, *purpose))))  # noqa: S311 - a play, not a secret

    def noise(self, *purpose: object) -> np.random.Generator:
        """Return the numpy generator of one purpose, for draws by the thousand."""
        return np.random.default_rng([self.seed, crc32("/".join(map(str, purpose)).encode())])


def count(dice: random.Random, mean: float) -> int:
    """Return how often something happens that happens ``mean`` times on average (Poisson, by summed waiting times)."""
    happened = 0
    waited = dice.expovariate(1.0)
    while waited < mean:
        happened += 1
        waited += dice.expovariate(1.0)
    return happened
