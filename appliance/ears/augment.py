# SPDX-License-Identifier: GPL-2.0-or-later
"""The same word, said elsewhere: faster, farther away, in a room that echoes, beside a tap that runs.

All is made of a seeded generator, so that the same seed makes the same sound. Sound is float here, full scale 1.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from appliance.ears.engine import RATE, Samples

Sound: TypeAlias = NDArray[np.float64]

_T60_S = (0.15, 0.7)  #: reverberation times of furnished rooms, with some to spare
_DIRECT_DB = (-4.0, 9.0)  #: direct over reverberated sound: across the room to arm's length
_SNR_DB = (3.0, 30.0)
_LEVEL_DB = (-45.0, -12.0)
_SPEED = (0.88, 1.14)


def sound_of(samples: Samples) -> Sound:
    """Return ``samples`` as float sound."""
    return samples / 32768.0


def samples_of(sound: Sound) -> Samples:
    """Return ``sound`` as samples, cut off where it is beyond full scale."""
    return np.clip(np.rint(sound * 32768.0), -32768, 32767).astype(np.int16)


def elsewhere(sound: Sound, rng: np.random.Generator) -> Sound:
    """Return ``sound`` as a random other room and distance would change it; as long as before."""
    if rng.random() < 0.7:
        sound = reverberate(sound, rng, rng.uniform(*_T60_S), rng.uniform(*_DIRECT_DB))
    if rng.random() < 0.5:
        sound = coloured(sound, rng)
    if rng.random() < 0.8:
        sound = beside(sound, noise(sound.size, rng), rng.uniform(*_SNR_DB))
    return at_level(sound, rng.uniform(*_LEVEL_DB))


def sped(sound: Sound, rng: np.random.Generator) -> Sound:
    """Return ``sound`` a little faster or slower, with its pitch, as another mouth would say it."""
    size = int(sound.size / rng.uniform(*_SPEED))
    return np.interp(np.linspace(0, sound.size - 1, size), np.arange(sound.size), sound)


def reverberate(sound: Sound, rng: np.random.Generator, t60_s: float, direct_db: float) -> Sound:
    """Return ``sound`` with a decaying noise for a room (Polack 1988): ``t60_s`` to fall by 60 dB."""
    size = int(t60_s * RATE)
    tail = rng.standard_normal(size) * 10 ** (-3 * np.arange(size) / size)
    tail[: int(rng.uniform(0.002, 0.012) * RATE)] = 0.0
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return convolved(sound, tail)


def convolved(sound: Sound, response: Sound) -> Sound:
    """Return ``sound`` through ``response``, as long as it was."""
    size = 1 << (sound.size + response.size - 1).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.fft.irfft(spectrum, size)[: sound.size]


def coloured(sound: Sound, rng: np.random.Generator) -> Sound:
    """Return ``sound`` through another microphone: its treble and bass raised or lowered by up to 9 dB."""
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    bass, treble = rng.uniform(-9, 9, 2)
    gain = bass * np.clip(1 - hertz / 500, 0, 1) + treble * np.clip((hertz - 2000) / 6000, 0, 1)
    return np.fft.irfft(np.fft.rfft(sound) * 10 ** (gain / 20), sound.size)


def noise(size: int, rng: np.random.Generator) -> Sound:
    """Return noise as a household makes it: white to brown, steady or coming and going, with or without a hum."""
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    spectrum = np.fft.rfft(rng.standard_normal(size)) / np.maximum(hertz, 40) ** rng.uniform(0, 1.2)
    made = np.fft.irfft(spectrum, size)
    made /= _rms(made)
    if rng.random() < 0.3:
        made += rng.uniform(0.2, 1.0) * np.sin(2 * np.pi * rng.choice([50, 60, 100, 120, 400]) * np.arange(size) / RATE)
    if rng.random() < 0.5:
        steps = np.exp(rng.standard_normal(max(size * 8 // RATE, 2)) * 0.7)
        made *= np.interp(np.linspace(0, steps.size - 1, size), np.arange(steps.size), steps)
    return made


def beside(sound: Sound, other: Sound, snr_db: float) -> Sound:
    """Return ``sound`` with ``other`` beside it, so much fainter than its loud parts."""
    return sound + other * (loudness(sound) / max(_rms(other), 1e-9) * 10 ** (-snr_db / 20))


def at_level(sound: Sound, level_db: float) -> Sound:
    """Return ``sound`` so loud that its loud parts are at ``level_db`` dBFS."""
    return sound * (10 ** (level_db / 20) / max(loudness(sound), 1e-9))


def loudness(sound: Sound) -> float:
    """Return the level of the parts of ``sound`` that are within 25 dB of its loudest: of speech, not of its pauses."""
    frames = sound[: sound.size // 160 * 160].reshape(-1, 160)
    power = np.mean(frames**2, axis=1)
    loud = power[power >= power.max(initial=0.0) * 10**-2.5]
    return float(np.sqrt(loud.mean())) if loud.size else 0.0


def _rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(sound**2)))
