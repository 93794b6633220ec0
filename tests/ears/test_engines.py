# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

import pytest

from appliance.ears.engine import EngineError
from appliance.ears.engines import engines_for, open_ear, rules_for
from appliance.rules import WakeWords, load_rules

RULES = load_rules(None)
WORDS = WakeWords({}, RULES.verdicts.same_words)


def ids(*wanted: str) -> set[str]:
    return {rule.word for rule in rules_for(RULES.wake, WORDS, wanted)}


def test_only_what_is_wanted_is_listened_for() -> None:
    """A home with an Echo alone needs no ear for other names; words taken for each other come together."""
    assert ids("Alexa") == {"alexa"}
    assert ids("okay google") == {"hey google", "ok google"}
    assert ids("no such word") == set()
    assert len(rules_for(RULES.wake, WORDS, None)) == len(RULES.wake.engines)


def test_every_packaged_rule_has_its_engine() -> None:
    """All that the package promises can be had where its libraries are installed."""
    engines, missing = engines_for(RULES.wake.engines)
    assert missing == []
    assert len(engines) == len({rule.engine for rule in RULES.wake.engines})


def test_one_missing_model_silences_no_other() -> None:
    """What cannot be had is told, and the rest of that engine listens."""
    rules = [rule for rule in RULES.wake.engines if rule.engine == "porcupine"]
    broken = rules[0].model_copy(update={"model": "/nonexistent.ppn"})
    engines, missing = engines_for([broken, *rules[1:]])
    assert len(engines) == 1
    assert missing == [f"{broken.id}: there is no file /nonexistent.ppn"]
    assert engines_for([broken])[0] == []


def test_an_ear_is_opened_for_the_words_of_the_house() -> None:
    """It listens for what is wanted; where nothing of that can be had, no ear seems to listen."""
    ear, missing = open_ear("hall", RULES, ["computer"])
    assert (ear.name, missing) == ("hall", [])
    rules = rules_for(RULES.wake, WORDS, ["computer"])
    absent = tuple(rule.model_copy(update={"model": "/nonexistent"}) for rule in rules)
    broken = RULES.wake.model_copy(update={"engines": absent})
    with pytest.raises(EngineError, match="there is no file /nonexistent"):
        open_ear("hall", replace(RULES, wake=broken), ["computer"])


def test_a_word_that_nothing_listens_for_is_told() -> None:
    """Who calls a speaker by a name that no engine knows must hear of it: its uploads would all seem uncalled."""
    assert open_ear("hall", RULES, ["computer", "Jeeves"])[1] == ["nothing listens for 'Jeeves': enrol it"]
