# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np

from appliance.ears.engine import Samples
from appliance.ears.voice import FRAME, Voice
from tests.ears.sounds import quiet, say


def whole(sound: Samples) -> Samples:
    return sound[: sound.size // FRAME * FRAME]


def test_talk_is_speech_and_a_quiet_room_is_not() -> None:
    """Each frame has its chance: high while somebody talks, low before."""
    voice = Voice()
    before = voice.feed(whole(quiet(2.0)))
    talk = voice.feed(whole(say("please water the flowers in the garden tomorrow morning")))
    assert before.max() < 0.3
    assert np.mean(talk > 0.5) > 0.6


def test_after_a_reset_it_knows_nothing() -> None:
    """It hears the same again after the same."""
    voice, sound = Voice(), whole(say("good morning"))
    first = voice.feed(sound)
    voice.reset()
    assert voice.feed(sound).tolist() == first.tolist()
