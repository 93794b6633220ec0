# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.calibration.course import COMMANDS, Fact, Try, course
from appliance.calibration.lesson import ENOUGH, Finding, finding, lesson
from appliance.diary.calendar import shifted
from tests.calibration.acts import DOT, WHOM, said, sent, talked


def tries_of(*commands: list[Fact]) -> list[Try]:
    """Return the tries of as many commands; each caught what is given, in seconds after its question."""
    facts: list[Fact] = []
    for place, command in enumerate(commands):
        asked = course(facts, WHOM, 0.0, 10_000.0)[place].asked_at
        facts += [shifted(fact, asked) for fact in command]
    return course(facts, WHOM, 0.0, 10_000.0)


BOTH: list[Fact] = [said(2.0), *sent(2.4)]
UPLOAD: list[Fact] = [*sent(2.4)]
TALK: list[Fact] = [talked(2.0), *sent(2.4)]
NEARLY: list[Fact] = [replace(said(2.0), near_miss=True), *sent(2.4)]
WORD: list[Fact] = [said(2.0)]
OTHER: list[Fact] = [said(2.0), *sent(2.4, device=DOT)]


@pytest.mark.parametrize(
    ("command", "ears", "seen", "expected"),
    [
        (BOTH, 1, True, Finding.GOOD),
        (UPLOAD, 1, True, Finding.DEAF),
        (TALK, 1, True, Finding.UNKNOWN_NAME),
        (NEARLY, 1, True, Finding.UNKNOWN_NAME),
        (UPLOAD, 0, True, Finding.NO_EAR),
        (WORD, 1, True, Finding.MUTED),
        (WORD, 1, False, Finding.BLIND),
        (OTHER, 1, True, Finding.ELSEWHERE),
        ([], 1, True, Finding.NOTHING),
    ],
)
def test_what_a_calibration_shows(command: list[Fact], ears: int, expected: Finding, *, seen: bool) -> None:
    """What was caught of every command says what is wrong, and with what."""
    assert finding(tries_of(*[command] * COMMANDS), ears=ears, seen=seen) is expected


def test_three_of_five_are_enough_to_learn() -> None:
    """Voice goes there, at that rate, so long after the name: the median of those that both sides caught."""
    tries = tries_of(BOTH, [], BOTH, WORD, BOTH)
    learnt = lesson(tries)
    assert finding(tries, ears=1, seen=True) is Finding.MOSTLY
    assert learnt is not None
    assert (learnt.commands, learnt.host) == (ENOUGH, "bob-dispatch-prod-eu.amazon.com")
    assert learnt.rate == pytest.approx(10_000)
    assert learnt.delay_s == pytest.approx(0.4)
    assert learnt.spread_s == pytest.approx(0.0, abs=1e-6)


@given(st.lists(st.sampled_from([BOTH, UPLOAD, TALK, WORD, OTHER, []]), min_size=COMMANDS, max_size=COMMANDS))
def test_nothing_is_learnt_of_less(commands: list[list[Fact]]) -> None:
    """Whatever was caught, there is a finding; and a lesson if, and only if, enough was caught by both."""
    tries = tries_of(*commands)
    both = sum(command is BOTH for command in commands)
    shown = finding(tries, ears=1, seen=True)
    assert (lesson(tries) is not None) == (both >= ENOUGH)
    assert (shown in {Finding.GOOD, Finding.MOSTLY}) == (both >= ENOUGH)
