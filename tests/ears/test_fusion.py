# SPDX-License-Identifier: GPL-2.0-or-later
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.ears.fusion import Fusion
from appliance.events import Wake
from appliance.rules import WakeWords, load_rules
from appliance.rules.wake import HEARD, NEAR_MISS, HeadRule, WakeRules

COMMON: dict[str, Any] = {"near_miss": 0.2, "heard": 0.6, "sure": 0.9, "licence": "x", "source": "x", "engine": "head"}
ECHO = HeadRule(id="echo-a", word="echo", model="a", latency_s=0.2, **COMMON)
AGAIN = HeadRule(id="echo-b", word="echo", model="b", latency_s=0.4, **COMMON)
SIRI = HeadRule(id="siri", word="siri", model="c", latency_s=0.2, **COMMON)
HEY_SIRI = HeadRule(id="hey-siri", word="hey siri", model="d", latency_s=0.3, **COMMON)
PACKAGED = load_rules(None).wake
RULES = WakeRules(
    engines=(ECHO, AGAIN, SIRI, HEY_SIRI), fusion=PACKAGED.fusion, speech=PACKAGED.speech, health=PACKAGED.health
)
WORDS = WakeWords({}, [["siri", "hey siri"]])


def heard(*scores: tuple[float, str, float], until: float = 100.0) -> list[Wake]:
    """What is told of ``scores`` (time, rule, raw), asked every 80 ms."""
    fusion, told, now = Fusion(RULES, WORDS, "ear"), [], 0.0
    waiting = sorted(scores)
    while now < until:
        while waiting and waiting[0][0] <= now:
            fusion.feed(*waiting.pop(0))
        told += list(fusion.advance(now))
        now += 0.08
    return [*told, *fusion.finish()]


def test_one_utterance_is_one_wake_word() -> None:
    """However long an engine is sure, the word was said once, and its time is its end."""
    (wake,) = heard(*((10 + step * 0.08, "echo-a", 0.7 + step * 0.05) for step in range(5)))
    assert (wake.word, wake.ear, wake.near_miss) == ("echo", "ear", False)
    assert wake.time == pytest.approx(9.8, abs=0.2)
    assert wake.score > HEARD


def test_engines_that_nearly_heard_it_heard_it_together() -> None:
    """Two near misses on one utterance make a word; seconds apart they are two near misses."""
    assert [wake.near_miss for wake in heard((10.0, "echo-a", 0.4), (10.2, "echo-b", 0.4))] == [False]
    assert [wake.near_miss for wake in heard((10.0, "echo-a", 0.4), (13.0, "echo-b", 0.4))] == [True, True]


def test_the_surest_engine_says_when() -> None:
    """Each engine has its own latency: the time is by the one that was sure, also where another agrees later."""
    (wake,) = heard((10.0, "echo-b", 0.65), (10.05, "echo-a", 0.21))
    assert wake.time == pytest.approx(10.0 - AGAIN.latency_s)


def test_near_misses_are_told_in_time() -> None:
    """However long an engine mumbles on, a near miss is told before an ear covers the time that it was at."""
    fusion, told = Fusion(RULES, WORDS, "ear"), []
    for step in range(30):
        now = 10 + step * 0.08
        fusion.feed(now, "echo-a", 0.4 if step == 0 else 0.25)
        told += [now for wake in fusion.advance(now) if wake.near_miss]
    assert 10 < told[0] <= 10 + RULES.fusion.together_s + 0.08


def test_words_that_are_taken_for_each_other_are_one_utterance() -> None:
    """Whoever says "hey Siri" says "Siri" too; it is told once, under the surer name."""
    (wake,) = heard((10.0, "siri", 0.7), (10.05, "hey-siri", 0.95))
    assert wake.word == "hey siri"


def test_other_words_are_other_utterances() -> None:
    """Two words at a time are two wake words."""
    assert {wake.word for wake in heard((10.0, "siri", 0.9), (10.0, "echo-a", 0.9))} == {"siri", "echo"}


def test_a_word_said_again_is_told_again() -> None:
    """Two seconds later it is another utterance."""
    assert len(heard((10.0, "echo-a", 0.9), (12.5, "echo-a", 0.9))) == 2


def test_an_engine_that_never_falls_silent_hides_no_word() -> None:
    """A score that stays high is told every few seconds, not once a day."""
    assert 3 <= len(heard(*((step * 0.08, "echo-a", 0.9) for step in range(200)))) <= 16


def test_what_is_below_a_near_miss_is_nothing() -> None:
    """No engine's lowest mumblings are told."""
    assert heard((10.0, "echo-a", 0.19), (10.0, "siri", 0.0)) == []


def test_a_word_is_told_soon() -> None:
    """A heard word waits for better scores no longer than the rule's settle_s."""
    fusion = Fusion(RULES, WORDS, "ear")
    fusion.feed(10.0, "echo-a", 0.9)
    assert list(fusion.advance(10.0)) == []
    assert len(list(fusion.advance(10.0 + RULES.fusion.settle_s))) == 1


SCORES = st.tuples(st.floats(0, 20), st.sampled_from([rule.id for rule in RULES.engines]), st.floats(0, 1))


@given(st.lists(SCORES, max_size=40))
def test_whatever_the_engines_say_it_makes_sense(scores: list[tuple[float, str, float]]) -> None:
    """Near misses score below HEARD, wake words do not; none is told where no engine spoke."""
    for wake in heard(*scores, until=25.0):
        assert NEAR_MISS <= wake.score <= 1
        assert wake.near_miss or wake.score >= HEARD - 1e-3
        assert any(abs(time - wake.time) < 1.0 for time, _, _ in scores)
