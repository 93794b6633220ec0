# SPDX-License-Identifier: GPL-2.0-or-later
"""Speech for words of which no recordings are to be had: Debian's espeak-ng, flite, festival; bench.neural."""

import io
import subprocess
import wave
from collections.abc import Iterator
from shutil import which
from typing import NamedTuple

import numpy as np

from appliance.ears.augment import Sound
from appliance.ears.engine import RATE
from bench import neural

_ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029", "en-us-nyc")
_MOUTHS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt2", "klatt4", "Annie")
_FLITE = ("awb", "rms", "slt", "kal16")
_FESTIVAL = ("cmu_us_slt_arctic_hts", "kal_diphone", "ked_diphone")


class Voice(NamedTuple):
    """One voice of one synthesiser, at one speed."""

    engine: str
    name: str
    speed: float = 1.0

    def say(self, text: str) -> Sound:
        """Return ``text`` as it speaks it, without the silence around it."""
        accent, _, seed = self.name.partition(" ")
        match self.engine:
            case "joe":
                spoken = neural.joe(neural.phonemes(text, accent), self.speed, 0.4 + int(seed) % 7 / 10)
                return _trimmed(at_rate(*spoken))
            case "kokoro":
                return _trimmed(at_rate(*neural.kokoro(neural.phonemes(text, accent), self.speed, int(seed))))
            case "espeak-ng":
                command = ["espeak-ng", "-v", self.name, "-s", str(int(165 * self.speed)), "--stdout", text]
            case "flite":
                command = ["flite", "-voice", self.name, "--setf", f"duration_stretch={1 / self.speed:.2f}"]
                command += ["-t", text, "-o", "/dev/stdout"]
            case _:
                command = ["text2wave", "-eval", f"(voice_{self.name})", "-F", str(RATE), "-"]
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
        return _trimmed(_decoded(done.stdout))


def voices(speeds: tuple[float, ...] = (1.0,)) -> Iterator[Voice]:
    """Yield the voices that are installed here."""
    every = {
        "espeak-ng": [f"{accent}+{mouth}" for accent in _ACCENTS for mouth in _MOUTHS],
        "flite": _FLITE,
        "text2wave": _FESTIVAL,
    }
    for engine, names in every.items():
        if which(engine):
            for name in names:
                yield from (Voice(engine, name, speed) for speed in (speeds if engine != "text2wave" else (1.0,)))


def neural_voices(speeds: tuple[float, ...] = (1.0,)) -> Iterator[Voice]:
    """Yield the voices of bench.neural; none, if they are not installed."""
    several = {"joe": range(7), "kokoro": range(25)} if neural.there() else {}
    for engine, seeds in several.items():
        for name in [f"{accent} {seed}" for accent in _ACCENTS[:2] for seed in seeds]:
            yield from (Voice(engine, name, speed) for speed in speeds)


def _decoded(file: bytes) -> Sound:
    """Return the sound of a RIFF file whose lengths may be left open, as those of pipes are, at RATE."""
    with wave.open(io.BytesIO(file)) as wav:
        rate = wav.getframerate()
    start = file.index(b"data") + 8
    sound = np.frombuffer(file[start : len(file) - (len(file) - start) % 2], "<i2") / 32768.0
    return at_rate(sound, rate)


def at_rate(sound: Sound, rate: int) -> Sound:
    """Return ``sound``, which has ``rate`` samples a second, at RATE."""
    size = int(sound.size * RATE / rate)
    spectrum = np.fft.rfft(sound)
    keep = size // 2 + 1
    spectrum = spectrum[:keep] if keep <= spectrum.size else np.pad(spectrum, (0, keep - spectrum.size))
    return np.fft.irfft(spectrum, size) * size / sound.size


def _trimmed(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > np.abs(sound).max(initial=0.0) * 0.02)
    return sound[loud[0] : loud[-1] + 1] if loud.size else sound
