# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Coverage, Wake
from appliance.limits import SOUND_NAME_CHARACTERS, WYOMING_LATE_S, WYOMING_WAKES, WYOMING_WAKES_S
from appliance.rules import load_rules
from appliance.wyoming.ear import WyomingEar, word_of
from appliance.wyoming.lines import Event

RULE = load_rules(None).wake.speech


def ear(now: float = 100.0) -> WyomingEar:
    return WyomingEar("kitchen", RULE, now)


def detection(name: object = "alexa") -> Event:
    return Event("detection", {"name": name, "timestamp": 5})


def test_a_detection_is_a_wake_word() -> None:
    """It is told under a name that says that this ear tells nothing but names; other events are none."""
    one = ear()
    one.connect(100.0)
    assert one.feed(detection("alexa_v0.1"), 103.0) == Wake(103.0, "wyoming:kitchen", "alexa", 0.5)
    assert one.feed(Event("voice-started", {"name": "alexa"}), 104.0) is None
    assert one.feed(detection(None), 104.0) is None


def test_it_listened_while_it_was_there() -> None:
    """Coverage goes from its coming to its leaving, up to a moment by which each word has been told."""
    one = ear()
    one.connect(110.0)
    one.advance(120.0)
    one.advance(130.0)
    assert one.stretches.until == 130.0 - WYOMING_LATE_S
    one.leave(140.0)
    one.advance(150.0)
    one.connect(160.0)
    one.advance(170.0)
    late = WYOMING_LATE_S
    covered = [*one.stretches.take(1e9), *one.stretches.take(1e9)]
    assert covered == [Coverage(110.0, 140.0 - late, one.name), Coverage(160.0, 170.0 - late, one.name)]


def test_one_that_never_falls_silent_is_bounded() -> None:
    """Words beyond what people can say are counted and not told; later ones are told again."""
    one = ear()
    told = [one.feed(detection(), 100.0 + at / 100) for at in range(3 * WYOMING_WAKES)]
    assert sum(each is not None for each in told) == WYOMING_WAKES
    assert one.refused == 2 * WYOMING_WAKES
    assert one.feed(detection(), 200.0 + WYOMING_WAKES_S) is not None


@pytest.mark.parametrize(
    ("name", "word"),
    [("ok_nabu", "ok nabu"), ("hey_jarvis_v0.1", "hey jarvis"), ("Computer-v2", "computer"), ("alexa", "alexa")],
)
def test_models_are_called_after_their_words(name: str, word: str) -> None:
    """The name of a model is its word, with a version behind it."""
    assert word_of(name) == word


@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_any_name_is_a_word_or_none(name: object) -> None:
    """Whatever it calls a word, it is short and can be shown."""
    word = word_of(name)
    assert len(word) <= SOUND_NAME_CHARACTERS
    assert word.isprintable()
    assert word == word.strip()
