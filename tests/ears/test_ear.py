# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from appliance.ears.block import Block
from appliance.ears.ear import Ear, Heard
from appliance.ears.engine import RATE, Engine, Samples
from appliance.ears.engines import engines_for, rules_for
from appliance.ears.health import Fault, Ill
from appliance.ears.join import joined
from appliance.events import Coverage, Speech, Wake
from appliance.rules import WakeWords, load_rules
from tests.ears.sounds import quiet, say

RULES = load_rules(None)
WORDS = WakeWords({}, RULES.verdicts.same_words)
START = 1000.0


@pytest.fixture(scope="module")
def engines() -> list[Engine]:
    return engines_for(rules_for(RULES.wake, WORDS, ["computer", "ok google"]))[0]


@pytest.fixture
def ear(engines: list[Engine]) -> Ear:
    for engine in engines:
        engine.reset()
    return Ear("kitchen", RULES.wake, WORDS, engines)


def blocks(sound: Samples, start: float = START, piece: int = 1600) -> Iterator[Block]:
    for at in range(0, sound.size, piece):
        yield Block(start + at / RATE, sound[at : at + piece])


def hear(ear: Ear, *sounds: Iterable[Block]) -> list[Heard]:
    return [fact for sound in sounds for block in sound for fact in ear.feed(block)] + list(ear.finish())


def test_one_saying_is_one_wake_word(ear: Ear) -> None:
    """Whoever says a name once is heard once, and the time is the end of the word."""
    word = say("computer")
    facts = hear(ear, blocks(np.concatenate([quiet(2.0), word, quiet(3.0)])))
    (wake,) = [fact for fact in facts if isinstance(fact, Wake)]
    assert (wake.ear, wake.word, wake.near_miss) == ("kitchen", "computer", False)
    assert wake.time == pytest.approx(START + 2.0 + word.size / RATE, abs=0.25)
    assert wake.score > 0.9


def test_a_word_at_the_very_end_is_heard(ear: Ear) -> None:
    """Where a recording ends with the word, the engines still make up their minds."""
    facts = hear(ear, blocks(np.concatenate([quiet(2.0), say("computer")])))
    assert [fact.word for fact in facts if isinstance(fact, Wake) and not fact.near_miss] == ["computer"]


def test_talk_is_speech_without_a_wake_word(ear: Ear) -> None:
    """A sentence is one segment of speech, at its place and level, and no wake word."""
    talk = say("please water the flowers in the garden tomorrow morning")
    facts = hear(ear, blocks(np.concatenate([quiet(2.0), talk, quiet(2.0)])))
    speech = [fact for fact in joined(facts) if isinstance(fact, Speech) and fact.kind == "speech"]
    assert not [fact for fact in facts if isinstance(fact, Wake) and not fact.near_miss]
    assert speech[0].time == pytest.approx(START + 2.0, abs=0.4)
    assert speech[-1].ended_at == pytest.approx(START + 2.0 + talk.size / RATE, abs=0.4)
    assert speech[0].level == pytest.approx(-20, abs=6)


def test_a_quiet_room_is_silence(ear: Ear) -> None:
    """Where nobody makes a noise there is nothing but coverage, all of it."""
    facts = hear(ear, blocks(quiet(10.0)))
    assert list(joined(facts)) == [Coverage(START, START + 10.0, "kitchen")]


def test_coverage_comes_after_what_was_heard_in_it(ear: Ear) -> None:
    """Once a moment is covered, no wake word and no speech from before it is still to come."""
    sound = np.concatenate([quiet(1.0), say("computer"), quiet(0.5), say("what time is it"), quiet(3.0)])
    covered = 0.0
    for fact in hear(ear, blocks(sound)):
        if isinstance(fact, Coverage):
            covered = fact.ended_at
        elif isinstance(fact, Wake | Speech):
            assert fact.time >= covered - 1e-6


def test_a_word_across_a_gap_is_not_heard(ear: Ear) -> None:
    """The begin of a word before lost sound and its end behind it are no word, and the gap is not covered."""
    word = say("computer")
    half = word.size * 3 // 5
    first = np.concatenate([quiet(2.0), word[:half]])
    later = START + 2.0 + half / RATE + 1.0
    second = Block(later, np.concatenate([word[half:], quiet(2.0)]), lost=RATE)
    facts = hear(ear, blocks(first), [second])
    assert not [fact for fact in facts if isinstance(fact, Wake) and not fact.near_miss]
    assert [fact.what for fact in facts if isinstance(fact, Fault)] == [Ill.LOST]
    assert len([fact for fact in joined(facts) if isinstance(fact, Coverage)]) == 2


def test_an_unplugged_ear_is_told(ear: Ear) -> None:
    """The clock says when nothing comes any more; the ear names what is wrong until sound returns."""
    told = [fact for block in blocks(quiet(2.0)) for fact in ear.feed(block)]
    told += ear.advance(START + 10.0)
    assert [fact.what for fact in told if isinstance(fact, Fault)] == [Ill.DEAD]
    assert list(ear.faults) == ["dead"]
    told = [fact for block in blocks(quiet(1.0), START + 20.0) for fact in ear.feed(block)]
    assert list(ear.faults) == []
    assert Fault(START + 2.0, "kitchen", Ill.DEAD, START + 20.0) in told


def test_pieces_make_no_difference(ear: Ear, engines: list[Engine]) -> None:
    """However the sound is cut into blocks, the same is heard."""
    sound = np.concatenate([quiet(2.0), say("computer"), quiet(2.0)])
    whole = list(joined(hear(ear, blocks(sound, piece=512))))
    for engine in engines:
        engine.reset()
    other = Ear("kitchen", RULES.wake, WORDS, engines)
    for one, two in zip(whole, joined(hear(other, blocks(sound, piece=512 * 3))), strict=True):
        assert type(one) is type(two)
        assert one.time == pytest.approx(two.time, abs=0.1)
