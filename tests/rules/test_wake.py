# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from appliance.rules import load_rules
from appliance.rules.wake import HEARD, NEAR_MISS, HeadRule, PorcupineRule, WakeEngineRule, together, well_heard
from appliance.rules.wakewords import WakeWords

COMMON: dict[str, Any] = {
    "id": "echo-head",
    "word": "echo",
    "model": "echo",
    "near_miss": 0.2,
    "heard": 0.6,
    "sure": 0.9,
    "latency_s": 0.2,
    "licence": "ours",
    "source": "made up",
}
ECHO = HeadRule(engine="head", **COMMON)


def test_the_marks_of_a_rule_mean_what_they_say() -> None:
    """Below near_miss a score is worth nothing; at the marks it is worth what they stand for."""
    assert [ECHO.opinion(raw) for raw in (0.19, 0.2, 0.6, 1.0)] == [0.0, NEAR_MISS, HEARD, pytest.approx(0.9)]


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_score_is_never_worth_less(one: float, other: float) -> None:
    """What scores are worth rises with them, and stays within what the rule allows."""
    assert 0 <= ECHO.opinion(min(one, other)) <= ECHO.opinion(max(one, other)) <= ECHO.sure + 1e-9


@given(st.lists(st.floats(0, 1), min_size=1))
def test_opinions_add_up(opinions: list[float]) -> None:
    """Engines that agree make each other surer; none makes another less sure."""
    assert max(opinions) - 1e-9 <= together(opinions) <= 1


def test_two_near_misses_may_make_a_word() -> None:
    """What two engines nearly heard at the same time was said."""
    assert together([0.3, 0.3]) >= HEARD > 0.3


@pytest.mark.parametrize(
    "changed",
    [
        {"near_miss": 0.7},
        {"sure": 0.4},
        {"word": "Echo 2"},
        {"engine": "snowboy"},
        {"engine": "porcupine"},
        {"engine": "porcupine", "sensitivities": [1.0, 0.5]},
    ],
)
def test_what_no_engine_could_do_is_refused(changed: dict[str, object]) -> None:
    """Marks out of order, unknown engines, and keys of another engine are mistakes."""
    adapter: TypeAdapter[WakeEngineRule] = TypeAdapter(WakeEngineRule)
    with pytest.raises(ValidationError):
        adapter.validate_python({"engine": "head", **COMMON, **changed})


@pytest.mark.parametrize("word", ["alexa", "Hey Näo", "हे गूगल", "ねえ グーグル"])
def test_words_are_of_any_script(word: str) -> None:
    """Letters, and the marks that belong to them, whatever the language."""
    assert HeadRule(engine="head", **COMMON | {"word": word}).word == word


@pytest.mark.parametrize(
    "word", ["", " alexa", "alexa ", "hey  nao", "alexa\n", "hey-nao", "echo2", "echo_dot", "echo!"]
)
def test_what_nobody_says_is_no_word(word: str) -> None:
    """Digits, signs, and spaces that part nothing."""
    with pytest.raises(ValidationError):
        HeadRule(engine="head", **COMMON | {"word": word})


def test_a_whole_path_is_a_file_of_the_household() -> None:
    """A model that begins with a slash is a file; any other is a name that the engine knows."""
    assert ECHO.own_file is None
    assert HeadRule(engine="head", **COMMON | {"model": "/etc/e.onnx"}).own_file == Path("/etc/e.onnx")


def test_a_household_replaces_an_engine_by_its_id(tmp_path: Path) -> None:
    """A wake rule in rules.d with the id of a packaged one takes its place; a new id comes on top."""
    packaged = load_rules(None).wake
    (rule,) = [rule for rule in packaged.engines if rule.id == "alexa-porcupine"]
    text = "wake:\n" + "".join(
        f"  - {{id: {name}, word: alexa, engine: porcupine, model: alexa, sensitivities: [0.3],"
        " near_miss: 0.5, heard: 0.5, sure: 0.9, latency_s: 0.2, licence: x, source: x}\n"
        for name in (rule.id, "alexa-strict")
    )
    (tmp_path / "own.yaml").write_text(text)
    own = load_rules(tmp_path).wake
    changed = own.by_id["alexa-porcupine"]
    assert isinstance(changed, PorcupineRule)
    assert changed.sensitivities == (0.3,)
    assert own.by_id.keys() - packaged.by_id.keys() == {"alexa-strict"}


def test_every_packaged_engine_says_what_it_was_measured_at() -> None:
    """Each rule of the package has its licence, and the figures that its marks were set by."""
    assert [rule.id for rule in load_rules(None).wake.engines if not rule.measured] == []


def test_every_word_of_the_packaged_engines_calls_a_speaker() -> None:
    """No engine listens for a word that no speaker rule knows."""
    rules = load_rules(None)
    called = {word for speaker in rules.speakers.rules for word in speaker.wake_words}
    assert {rule.word for rule in rules.wake.engines} - called == set()


def test_words_that_are_often_missed_are_known() -> None:
    """A word is heard well if one engine heard enough of it wherever it was measured, or was never measured."""
    rules = load_rules(None)
    words = WakeWords({}, rules.verdicts.same_words)
    assert well_heard(rules.wake, words, 0.0) == words.all(rule.word for rule in rules.wake.engines)
    heard = well_heard(rules.wake, words, rules.verdicts.weak_recall)
    assert {"alexa", "computer", "hey google"} <= heard
    assert not {"amazon", "echo", "ziggy", "siri"} & heard
    taught = rules.wake.by_id["ziggy-head"].model_copy(update={"id": "ziggy-enrolled", "measured": ()})
    more = rules.wake.model_copy(update={"engines": (*rules.wake.engines, taught)})
    assert well_heard(more, words, rules.verdicts.weak_recall) == heard | {"ziggy"}
