# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.ears.engines import engines_for, rules_for
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
