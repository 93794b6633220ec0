# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.events import CAPTURE, Coverage, JudgeFact, Tell
from appliance.judge import Judge
from appliance.limits import JUDGE_MEMORY_S
from tests.judge.household import (
    ECHO,
    HOME,
    NEST,
    RULES,
    WATCHED,
    judge,
    lost,
    reply,
    upload,
    wake,
)


def test_silent_speaker() -> None:
    """A wake word that no speaker in the room answers is told once, though two ears heard it."""
    facts = [*WATCHED, wake(100), wake(100.3, ear="hall-mic"), wake(101.5), reply(199, 200, NEST)]
    [verdict] = judge(facts)
    assert (verdict.verdict, verdict.tell, verdict.device) == ("silent_speaker", Tell.NOBODY, ECHO)
    assert verdict.wake == wake(100)
    assert verdict.upload is None
    assert verdict.final


SPOKEN_TO = [
    ("an upload answers", [wake(100), *upload(100.4)]),
    ("the upload began before the word had ended", [wake(100), *upload(99.2)]),
    ("the word interrupts an upload", [wake(100), *upload(92, 12)]),
    ("a speaker in another room answers", [wake(100), *upload(101, device="aa:00:00:00:00:03")]),
    ("the ear is not sure", [wake(100, near_miss=True)]),
    ("no speaker there listens to that word", [wake(100, "hey google")]),
    ("the capture lost frames just then", [wake(100), lost(102, 103)]),
]


@pytest.mark.parametrize(("why", "facts"), SPOKEN_TO, ids=[why for why, _ in SPOKEN_TO])
def test_no_silent_speaker(why: str, facts: list[JudgeFact]) -> None:
    """No speaker is called silent if one answered, none was meant, or the capture cannot say."""
    verdicts = judge([*WATCHED, *facts, reply(199, 200, NEST)])
    assert [verdict.verdict for verdict in verdicts if verdict.upload is None] == [], why


def test_no_silent_speaker_without_capture() -> None:
    """Where the capture was not watching, or lost something, no speaker is called silent."""
    for watched in ([], [Coverage(0, 103, CAPTURE)], [Coverage(0, 1000, CAPTURE, lost=1)]):
        assert judge([wake(100), *watched, reply(199, 200, NEST)]) == []


@pytest.mark.parametrize(("late_s", "told"), [(JUDGE_MEMORY_S / 2, ["silent_speaker"]), (4 * JUDGE_MEMORY_S, [])])
def test_a_word_that_comes_late(late_s: float, told: list[str]) -> None:
    """An ear that could not tell its word for an hour calls no speaker silent: the upload that answered is forgotten.

    While everything around it is remembered, it is judged as if it had come in time.
    """
    ours = Judge(RULES)
    for fact in (*HOME, *upload(100.4), *WATCHED):
        ours.feed(fact)
    for second in range(0, 5000, 50):
        ours.advance(float(second))
    ours.feed(wake(5000 - late_s))
    ours.feed(wake(100))  # answered, long ago
    assert [each.verdict for each in ours.advance(5100.0) if each.upload is None] == told
