# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.events import Speech, Wake
from appliance.heard.held import Held
from appliance.rules import load_rules

RULE = load_rules(None).wake.speech


def piece(start: float, end: float, kind: str = "speech") -> Speech:
    return Speech(start, end, "mic", -30.0, kind)


@pytest.fixture
def held() -> Held:
    return Held(RULE)


def test_speech_is_told_in_one_when_it_has_ended(held: Held) -> None:
    """Pieces of a second that go on in each other become one row, once it is known that they do not go on."""
    for second in range(5):
        held.keep(piece(10.0 + second, 11.0 + second))
    assert held.since == 10.0
    assert held.ended(15.0) == []
    assert held.ended(16.0) == [piece(10.0, 15.0)]
    assert held.since == float("inf")


def test_other_sounds_are_not_speech(held: Held) -> None:
    """What is of another kind, or comes after a pause, is a row of its own."""
    for each in (piece(1.0, 2.0), piece(2.0, 3.0, "other"), piece(5.0, 6.0, "other")):
        held.keep(each)
    assert held.ended(9.0) == [piece(1.0, 2.0), piece(2.0, 3.0, "other"), piece(5.0, 6.0, "other")]


def test_endless_talk_is_told_in_pieces(held: Held) -> None:
    """A television is told of as long as it runs."""
    for second in range(100):
        held.keep(piece(float(second), second + 1.0))
    told = held.ended(99.5)
    assert [each.ended_at - each.time for each in told] == [RULE.longest_s] * 3


def test_an_upload_asks_for_what_is_held(held: Held) -> None:
    """Near misses and speech, even such that goes on, are told when they fall near an upload; others wait."""
    far, near = Wake(10.0, "mic", "alexa", 0.3, near_miss=True), Wake(50.0, "mic", "alexa", 0.4, near_miss=True)
    for fact in (far, piece(20.0, 21.0), near, piece(50.0, 51.0)):
        held.keep(fact)
    assert held.near([(46.5, 58.0)]) == [near, piece(50.0, 51.0)]
    assert held.since == 10.0
    held.keep(piece(51.0, 52.0))
    assert held.near([(46.5, 58.0)]) == [piece(51.0, 52.0)]


def test_near_misses_are_told_to_who_tries_the_ear(held: Held) -> None:
    """The newest first, and they are held as before."""
    nearly = [Wake(time, "mic", "echo", 0.3, near_miss=True) for time in (1.0, 2.0)]
    for each in nearly:
        held.keep(each)
    assert held.nearly() == nearly[::-1]
    assert held.near([(0.0, 3.0)]) == nearly
    assert held.nearly() == []
