# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from appliance.ears.engine import RATE, Samples
from appliance.ears.resample import Resampler

RATES = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000]


def sine(rate: int, hertz: float, seconds: float = 1.0) -> NDArray[np.float64]:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


def resampled(rate: int, sound: NDArray[np.float64], piece: int = 1000) -> Samples:
    resampler = Resampler(rate)
    pieces = [resampler.feed(sound[at : at + piece]) for at in range(0, len(sound), piece)]
    return np.concatenate([*pieces, resampler.finish()])


def error_db(rate: int, hertz: float) -> float:
    """How far the resampled sine is from the true one, in dB of it, but for the ends, where there is no sound."""
    found = resampled(rate, sine(rate, hertz)) / 32768.0
    true = sine(RATE, hertz)
    middle = slice(RATE // 10, -RATE // 10)
    return float(20 * np.log10(np.std(found[middle] - true[middle]) / np.std(true[middle])))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hertz", [100.0, 1000.0, 3400.0])
def test_what_speech_is_made_of_comes_through(rate: int, hertz: float) -> None:
    """At every rate a tone stays what it is, at its moment: it is wrong by less than 1 % of its strength."""
    assert error_db(rate, hertz) < -40


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("hertz", [9_000.0, 12_000.0, 20_000.0])
def test_what_would_fold_back_is_gone(rate: int, hertz: float) -> None:
    """A whistle above 8 kHz does not become a voice below it."""
    middle = resampled(rate, sine(rate, hertz))[RATE // 10 : -RATE // 10]
    assert np.std(middle / 32768.0) < np.std(sine(rate, hertz)) * 10 ** (-60 / 20)


@pytest.mark.parametrize("rate", RATES)
def test_no_time_is_lost(rate: int) -> None:
    """A second is a second: as many samples come out as it takes."""
    assert resampled(rate, np.zeros(rate)).size == RATE


@settings(max_examples=30)
@given(st.sampled_from(RATES), st.lists(st.integers(1, 3000), min_size=1, max_size=6))
def test_pieces_make_no_difference(rate: int, sizes: list[int]) -> None:
    """However the sound comes in, what comes out is the same."""
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, sum(sizes))
    resampler, at, pieces = Resampler(rate), 0, []
    for size in sizes:
        pieces.append(resampler.feed(sound[at : at + size]))
        at += size
    whole = resampled(rate, sound, len(sound))
    assert np.abs(np.concatenate([*pieces, resampler.finish()]).astype(int) - whole).max(initial=0) <= 1


def test_channels_become_one() -> None:
    """Stereo is the mean of its channels."""
    left = sine(RATE, 440.0)
    both = np.stack([left, np.zeros_like(left)], axis=1)
    assert np.abs(resampled(RATE, both) - np.rint(left * 16384)).max() <= 1


def test_what_is_too_loud_is_cut_off() -> None:
    """Beyond full scale nothing wraps around."""
    assert resampled(RATE, np.array([2.0, -2.0, 0.0])).tolist() == [32767, -32768, 0]
