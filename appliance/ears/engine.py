# SPDX-License-Identifier: GPL-2.0-or-later
"""What every wake-word engine is: sound in, scores out."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Samples per second of all sound that engines hear.
RATE = 16_000

#: Mono, ``RATE`` a second, full scale 32768.
Samples: TypeAlias = NDArray[np.int16]


class EngineError(Exception):
    """An engine or a model of it cannot be had: which, and why."""


class Score(NamedTuple):
    """One engine's raw opinion on one word."""

    at: int  #: samples that the engine had heard since its beginning, or since ``reset``
    rule: str  #: id of the wake rule
    value: float  #: raw, 0..1; the rule says what it means


class Engine(Protocol):
    """One engine with all its words. What is below every rule's near miss is not worth a score."""

    def feed(self, samples: Samples) -> list[Score]:
        """Hear ``samples``, of any number, and return what there is to say of them."""

    def reset(self) -> None:
        """Forget all that was heard: sound was lost, what follows does not go on from it."""


def packaged(package: str, path: str) -> Path:
    """Return where the installed ``package`` keeps ``path``, without importing it; EngineError if it is not there."""
    try:
        found = Path(str(distribution(package).locate_file(path)))
    except PackageNotFoundError:
        raise EngineError(f"{package} is not installed: pip install 'earwitness[ears]'") from None
    if not found.is_file():
        raise EngineError(f"{package} has no {path}")
    return found
