# SPDX-License-Identifier: GPL-2.0-or-later
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import SightingKind
from appliance.rules import Evidence, SpeakerRule, SpeakerRules, load_rules

OUI, HOST, TXT = SightingKind.OUI, SightingKind.HOST, SightingKind.MDNS_TXT


def ready(**rule: object) -> SpeakerRules:
    examples = {"matches": [{"shows": {"oui": "x"}}], "not": [{"shows": {"oui": "y"}}]}
    whole = {"id": "one", "name": "One", "source": "test", "examples": examples, **rule}
    return SpeakerRules([SpeakerRule.model_validate(whole)], load_rules(None).hosts)


def score(rules: SpeakerRules, *shown: tuple[SightingKind, str]) -> float:
    seen = 0
    for kind, value in shown:
        seen |= rules.bits(kind, value)
    best = rules.best(seen)
    return best.score if best else 0.0


def test_reasons_add_up_as_independent_ones() -> None:
    """Two reasons of 0.5 and 0.4 leave a doubt of 0.5 times 0.6."""
    rules = ready(evidence=[{"when": {"oui": "a"}, "weight": 0.5}, {"when": {"host": "b"}, "weight": 0.4}])
    assert score(rules, (OUI, "a"), (HOST, "b")) == pytest.approx(0.7)


def test_all_kinds_of_one_reason_must_be_seen() -> None:
    """A reason that names two kinds says nothing until both are there; of each kind one pattern is enough."""
    rules = ready(evidence=[{"when": {"oui": "a", "host": ["b", "c"]}, "weight": 0.5}])
    assert score(rules, (OUI, "a")) == score(rules, (HOST, "b")) == 0
    assert score(rules, (OUI, "a"), (HOST, "c")) == pytest.approx(0.5)


def test_a_cap_holds_one_kind_down() -> None:
    """However many names are seen, a capped kind says no more than its cap."""
    evidence = [{"when": {"host": name}, "weight": 0.5} for name in "abcd"]
    rules = ready(evidence=evidence, caps={"host": 0.6})
    assert score(rules, *((HOST, name) for name in "abcd")) == pytest.approx(0.6)


def test_letters_of_either_case_match() -> None:
    """Host names and models are compared without regard to case."""
    assert score(ready(evidence=[{"when": {"mdns_txt": "md=Google*"}, "weight": 0.9}]), (TXT, "MD=google home")) > 0


def test_a_host_rule_stands_for_its_names() -> None:
    """``@id`` is any name of that host rule, so names are written down once."""
    rules = ready(evidence=[{"when": {"host": "@amazon-voice"}, "weight": 0.9}])
    assert score(rules, (HOST, "avs-alexa-4-na.amazon.com")) > 0
    assert score(rules, (HOST, "avs-alexa-13-na.amazon.com")) == 0


@given(st.lists(st.tuples(st.sampled_from(list(SightingKind)), st.text(max_size=40)), max_size=20))
def test_any_sightings_are_weighed(shown: list[tuple[SightingKind, str]]) -> None:
    """Whatever devices show, the score lies between nothing and everything."""
    assert 0 <= score(load_rules(None).speakers, *shown) <= 1


@given(st.data())
def test_more_evidence_never_means_less(data: st.DataObject) -> None:
    """What a rule's evidence adds to its own score is never negative."""
    weights = data.draw(st.lists(st.floats(0, 1), min_size=1, max_size=6))
    rules = ready(evidence=[{"when": {"host": f"h{place}"}, "weight": weight} for place, weight in enumerate(weights)])
    scores = [score(rules, *((HOST, f"h{place}") for place in range(many))) for many in range(len(weights) + 1)]
    assert scores == sorted(scores)


def test_evidence_needs_something_to_see() -> None:
    """A reason without a condition would hold for every device, so it is refused."""
    with pytest.raises(ValueError, match="at least 1"):
        Evidence.model_validate({"when": {}, "weight": 0.5})


def misfires(**per_hour: float) -> dict[str, object]:
    return {"of": {"en": "one speaker"}, "per_hour": per_hour, "source": "test"}


def test_the_name_that_misfires_least_comes_first() -> None:
    """Where several speakers were measured, the middle of the best and the worst counts."""
    rules = ready(
        wake_words=["a", "b", "c"],
        misfires=[misfires(a=0.2, b=0.3), misfires(a=0.4, b=0.1), misfires(a=0.35, c=0.25)],
        evidence=[{"when": {"oui": "a"}, "weight": 0.5}],
    )
    assert rules.rules[0].misfiring() == [("b", 0.2), ("c", 0.25), ("a", pytest.approx(0.3))]


def test_figures_are_of_names_that_the_speaker_has() -> None:
    """A name that is spelt otherwise among the figures is a mistake, and told."""
    with pytest.raises(ValueError, match="misfires speaks of x, which wake_words has not"):
        ready(wake_words=["a"], misfires=[misfires(a=0.1, x=0.2)], evidence=[{"when": {"oui": "a"}, "weight": 0.5}])


def test_packaged_figures_put_alexa_first() -> None:
    """Of the names that were measured on both speakers it misfired least."""
    echo = next(rule for rule in load_rules(None).speakers.rules if rule.id == "amazon-echo")
    assert echo.misfiring()[0][0] == "alexa"


def test_services_by_which_speakers_are_known_can_be_asked_for() -> None:
    """Each that a rule looks for or shows, once, as mDNS writes it; none with a star in it."""
    services = load_rules(None).speakers.services()
    assert {"_googlecast._tcp", "_airplay._tcp", "_amzn-wplay._tcp"} <= set(services)
    assert services == sorted(set(services))
    assert all(re.fullmatch(r"_[a-z0-9-]+\._(tcp|udp)", each) for each in services)
