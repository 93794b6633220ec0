# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.calibration.course import COMMANDS, PATIENCE_S, PAUSE_S, Caught, Fact, Try, course, is_over
from appliance.events import Speech, Upload, Wake
from tests.calibration.acts import DOT, ECHO, WHOM, said, sent, talked

moments = st.floats(0, 400).map(lambda time: round(time, 1))


@st.composite
def doings(draw: st.DrawFn) -> list[Fact]:
    """Whatever may be caught in six minutes."""
    facts: list[Fact] = []
    for time in draw(st.lists(moments, max_size=12, unique=True)):
        device, lasts = draw(st.sampled_from([ECHO, DOT])), draw(st.floats(0.3, 120))
        facts += sent(time, lasts=lasts, device=device)[: draw(st.integers(1, 2))]
    words, ears = st.sampled_from(["alexa", "ok google"]), st.sampled_from(["kitchen", "hall"])
    facts += draw(st.lists(st.builds(said, moments, words, ears), max_size=12))
    return facts + draw(st.lists(st.builds(talked, moments, ears), max_size=6))


def caught(facts: list[Fact], now: float = 1000.0) -> list[Caught]:
    return [each.caught for each in course(facts, WHOM, 0.0, now)]


def test_five_commands_one_after_another() -> None:
    """Each question comes a little after the upload before it has ended; the delay is from word to upload."""
    facts: list[Fact] = []
    asked = 0.0
    for _ in range(COMMANDS):
        facts += [said(asked + 2.0), *sent(asked + 2.4)]
        asked += 2.4 + 2 + 3 + PAUSE_S
    tries = course(facts, WHOM, 0.0, asked)
    assert [each.caught for each in tries] == [Caught.BOTH] * COMMANDS
    assert [each.delay_s for each in tries] == pytest.approx([0.4] * COMMANDS)
    assert is_over(tries)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([said(2.0), *sent(2.4)], Caught.BOTH),
        ([*sent(2.0), said(2.6)], Caught.BOTH),
        ([talked(2.0), *sent(2.4)], Caught.UNHEARD),
        ([said(2.0, ear="hall"), *sent(2.4)], Caught.UNHEARD),
        ([said(2.0, word="ok google"), *sent(2.4)], Caught.UNHEARD),
        ([replace(said(2.0), near_miss=True), *sent(2.4)], Caught.UNHEARD),
        ([said(2.0), *sent(2.4, device=DOT)], Caught.UNSENT),
        ([talked(2.0)], Caught.NOTHING),
        ([], Caught.NOTHING),
    ],
)
def test_what_is_caught_of_one_command(facts: list[Fact], expected: Caught) -> None:
    """Its own name in its own room, and its own upload: each is caught or not; whatever else happens is not it."""
    assert caught(facts)[0] is expected


def test_a_name_that_was_nearly_heard_is_told() -> None:
    """It is no name that was heard; but whoever said it learns that the ear was close."""
    nearly = replace(said(2.0), near_miss=True, score=0.4)
    (first, *_) = course([nearly, *sent(2.4)], WHOM, 0.0, 1000.0)
    assert (first.caught, first.nearly) == (Caught.UNHEARD, nearly)
    (first, *_) = course([nearly, said(2.1), *sent(2.4)], WHOM, 0.0, 1000.0)
    assert (first.caught, first.nearly) == (Caught.BOTH, None)


def test_another_speaker_that_answered_is_named() -> None:
    """Whoever calls one speaker and wakes another finds it out."""
    assert course([said(2.0), *sent(2.4, device=DOT)], WHOM, 0.0, 1000.0)[0].others == (DOT,)


def test_a_command_has_its_time() -> None:
    """When nothing is caught, the next is asked for after a while; while something goes on, it is waited for."""
    assert len(course([], WHOM, 0.0, PATIENCE_S + PAUSE_S - 0.1)) == 1
    assert len(course([], WHOM, 0.0, PATIENCE_S + PAUSE_S)) == 2
    waiting = course(sent(20.0, lasts=10.0)[:1], WHOM, 0.0, PATIENCE_S + PAUSE_S)
    assert [each.over for each in waiting] == [False]


def test_a_word_that_is_told_late_counts() -> None:
    """Ears write a word a moment after it was said: the try that it belongs to gets it, and no question moves."""
    early = course(sent(2.4), WHOM, 0.0, 30.0)
    late = course([*sent(2.4), said(2.0)], WHOM, 0.0, 30.0)
    assert early[0].caught is Caught.UNHEARD
    assert late[0].caught is Caught.BOTH
    assert [each.asked_at for each in early] == [each.asked_at for each in late]


@given(doings(), st.randoms(use_true_random=False))
def test_the_order_of_facts_makes_no_difference(facts: list[Fact], random: Random) -> None:
    """The ledger's rows come from two services, in any order."""
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert course(shuffled, WHOM, 0.0, 1000.0) == course(facts, WHOM, 0.0, 1000.0)


@given(doings(), moments, moments)
def test_what_is_over_stays(facts: list[Fact], first: float, second: float) -> None:
    """A question that was answered is never asked again, nor moved, however much comes later."""
    earlier, later = sorted((first, second))
    done = [each for each in course(facts, WHOM, 0.0, earlier) if each.over]
    assert list(map(shape, done)) == list(map(shape, course(facts, WHOM, 0.0, later)))[: len(done)]


@given(doings(), moments)
def test_there_are_five_at_most_and_they_follow_each_other(facts: list[Fact], now: float) -> None:
    """One question at a time, each after the one before is over, and an end is reached whatever happens."""
    tries = course(facts, WHOM, 0.0, now)
    assert 1 <= len(tries) <= COMMANDS
    assert all(each.over for each in tries[:-1])
    for before, after in pairwise(tries):
        assert after.asked_at == before.until + PAUSE_S
    assert is_over(course(facts, WHOM, 0.0, 1000.0))


@given(doings(), moments)
def test_what_is_not_known_yet_says_nothing(facts: list[Fact], now: float) -> None:
    """The course at a moment is that of the facts that are known then."""
    known = [fact for fact in facts if fact.time <= now]
    assert course(facts, WHOM, 0.0, now) == course(known, WHOM, 0.0, now)
    assert {type(fact) for fact in known} <= {Upload, Wake, Speech}


def shape(each: Try) -> tuple[float, float, Caught, tuple[str, ...]]:
    return each.asked_at, each.until, each.caught, each.others
