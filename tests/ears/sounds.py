# SPDX-License-Identifier: GPL-2.0-or-later
"""Sound for the ears' tests, spoken by flite where it is installed, and made of numbers; a head made of numbers."""

import wave
from pathlib import Path
from shutil import which

import numpy as np
import pytest

from appliance.ears.augment import at_level, samples_of
from appliance.ears.embedding import WIDTH
from appliance.ears.engine import RATE, Samples
from appliance.ears.head import Head
from bench.voices import Voice


def quiet(seconds: float, seed: int = 0) -> Samples:
    """A quiet room: the noise of a microphone."""
    return np.random.default_rng(seed).integers(-8, 9, int(seconds * RATE)).astype(np.int16)


def tone(seconds: float, level_db: float = -20.0, hertz: float = 440.0) -> Samples:
    sine = np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)
    return samples_of(at_level(sine, level_db))


def say(text: str, voice: str = "slt") -> Samples:
    """``text``, spoken by flite; the test is skipped where that is not installed."""
    if not which("flite"):
        pytest.skip("flite is not installed")
    return samples_of(at_level(Voice("flite", voice).say(text), -20.0))


def recordings(shared: Path, kind: str) -> list[Path]:
    """The real recordings whose names begin with ``kind``."""
    found = sorted((shared / "corpus" / "speech").glob(f"{kind}-*.wav"))
    if not found:
        pytest.skip(f"there are no recordings of {kind} in ../shared/corpus/speech")
    return found


def written(path: Path, *sounds: Samples) -> Path:
    """``path``, with ``sounds`` one after the other written to it."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.concatenate(sounds).tobytes())
    return path


def head(frames: int = 4) -> Head:
    """A head that has learnt nothing."""
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(0, 0.1, shape).astype(np.float32) for shape in ((frames * WIDTH, 8), (8, 1)))
    return Head(
        np.zeros(WIDTH, np.float32),
        np.ones(WIDTH, np.float32),
        weights,
        (np.zeros(8, np.float32), np.zeros(1, np.float32)),
    )
