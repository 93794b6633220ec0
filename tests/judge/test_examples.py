# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.judge.examples import check, judged
from appliance.rules import Story, load_rules

RULES = load_rules(None)


def test_every_story_of_the_rules_comes_true() -> None:
    """The packaged windows judge as their rule's stories say."""
    assert [str(problem) for problem in check(RULES)] == []


def test_a_window_that_breaks_a_story_is_told() -> None:
    """Who narrows a window learns which of the stories no longer holds."""
    narrow = RULES.verdicts.model_copy(update={"called_before_s": 0.5, "usual_before_s": 0.25})
    told = [str(problem) for problem in check(replace(RULES, verdicts=narrow))]
    assert "verdicts: examples.matches: verdict called, word alexa: the verdict is unexplained_speech" in told


def test_a_story_that_should_not_be_is_told() -> None:
    """A verdict that a story rules out is a problem too."""
    wide = RULES.verdicts.model_copy(update={"called_before_s": 20.0})
    told = [str(problem) for problem in check(replace(RULES, verdicts=wide))]
    assert "verdicts: examples.not: verdict called, word alexa, word_ends_s -9.0: that is the verdict" in told


def test_a_speaker_nobody_knows_is_judged_too() -> None:
    """A story may tell of a speaker without a rule: it has no wake word of its own."""
    assert judged(RULES, Story(verdict="called", speaker="nobody", lasts_s=6.0)) == "unexplained_speech"
