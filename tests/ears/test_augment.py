# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.ears import augment
from appliance.ears.engine import RATE
from tests.ears.sounds import tone

SOUND = augment.sound_of(
    np.concatenate([np.zeros(RATE // 2, np.int16), tone(0.5, -20.0), np.zeros(RATE // 2, np.int16)])
)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_elsewhere_it_lasts_as_long_and_the_seed_says_how(seed: int) -> None:
    """Whatever the seed, sound stays as long as it was, fits into 16 bits, and is the same again for the same seed."""
    there, again = (augment.elsewhere(SOUND, np.random.default_rng(seed)) for _ in range(2))
    assert there.shape == SOUND.shape
    assert np.array_equal(there, again)
    assert np.isfinite(there).all()


@pytest.mark.parametrize("snr_db", [0.0, 10.0, 20.0])
def test_noise_is_as_much_fainter_as_asked(snr_db: float) -> None:
    """The signal's loud parts are so many dB above the noise."""
    noise = augment.noise(SOUND.size, np.random.default_rng(0))
    both = augment.beside(SOUND, noise, snr_db)
    assert 20 * np.log10(augment.loudness(SOUND) / np.std(both - SOUND)) == pytest.approx(snr_db, abs=0.1)


def test_a_room_rings_on() -> None:
    """Behind the end of a sound its echo falls by 60 dB in the time asked for."""
    far = augment.reverberate(SOUND, np.random.default_rng(0), 0.4, 0.0)
    end = RATE
    power = [float(np.mean(far[at : at + 400] ** 2)) for at in (end + 400, end + 400 + int(0.2 * RATE))]
    assert 10 * np.log10(power[0] / power[1]) == pytest.approx(30, abs=6)


def test_convolution_is_what_numpy_makes_of_it() -> None:
    """The fast way has the result of the plain one."""
    rng = np.random.default_rng(0)
    sound, response = rng.standard_normal(500), rng.standard_normal(70)
    assert augment.convolved(sound, response) == pytest.approx(np.convolve(sound, response)[:500])


def test_silence_stays_silence() -> None:
    """No level can be made of nothing, and nothing fails for it."""
    assert not augment.at_level(np.zeros(1000), -20.0).any()
    assert augment.samples_of(np.array([2.0, -2.0])).tolist() == [32767, -32768]
