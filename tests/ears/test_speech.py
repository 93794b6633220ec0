# SPDX-License-Identifier: GPL-2.0-or-later
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.ears.speech import Segments
from appliance.events import Speech
from appliance.rules import load_rules

RULE = load_rules(None).wake.speech.model_copy(update={"latency_s": 0.0})
QUIET, LOUD = -70.0, -30.0
Part = tuple[float, float, float]  #: seconds, chance that it is speech, level


def segments(*parts: Part, piece: int = 25) -> list[Speech]:
    """What is told of ``parts`` that follow on one another, fed in pieces of so many frames."""
    chances = np.concatenate([np.full(round(seconds * 100), chance) for seconds, chance, _ in parts])
    levels = np.concatenate([np.full(round(seconds * 100), level) for seconds, _, level in parts])
    made, told = Segments(RULE, "ear"), []
    for at in range(0, len(chances), piece):
        told += list(made.feed(at / 100, chances[at : at + piece], levels[at : at + piece]))
    return [*told, *made.cut(len(chances) / 100)]


def spans(found: list[Speech]) -> list[tuple[str, float, float]]:
    return [(each.kind, round(each.time, 2), round(each.ended_at, 2)) for each in found]


def test_talk_is_speech_from_its_begin_to_its_end() -> None:
    """A segment is as long as the talk, without the wait for more; its level is that of the talk."""
    (found,) = segments((1, 0, QUIET), (2, 0.9, LOUD), (3, 0, QUIET))
    assert spans([found]) == [("speech", 1.0, 3.0)]
    assert found.level == pytest.approx(LOUD, abs=0.1)


def test_a_pause_for_breath_is_no_end() -> None:
    """Pauses shorter than the hangover are within one segment, longer ones part two."""
    talk = (1.0, 0.9, LOUD)
    assert len(segments(talk, (RULE.hangover_s - 0.1, 0, QUIET), talk)) == 1
    assert len(segments(talk, (RULE.hangover_s + 0.1, 0, QUIET), talk)) == 2


def test_noise_is_another_sound() -> None:
    """What is loud and is not speech is told as other."""
    assert spans(segments((25, 0, QUIET), (2, 0.1, LOUD), (3, 0, QUIET))) == [("other", 25.0, 27.0)]


def test_a_cough_is_not_speech() -> None:
    """Less speech than the shortest word is some other sound."""
    assert {each.kind for each in segments((25, 0, QUIET), (0.1, 0.9, LOUD), (3, 0, QUIET))} == {"other"}


def test_a_tap_that_runs_becomes_the_room() -> None:
    """A steady noise is told until it has become the room's floor; talk beside it is speech."""
    found = segments((25, 0, QUIET), (60, 0, LOUD), (2, 0.9, LOUD + 10), (2, 0, LOUD))
    assert [each.kind for each in found][-1] == "speech"
    assert max(each.ended_at for each in found if each.kind == "other") < 25 + RULE.floor_s + 1


def test_talk_without_end_is_told_in_pieces() -> None:
    """A television is told as it goes, in pieces that touch."""
    found = segments((3 * RULE.longest_s, 0.9, LOUD))
    assert len(found) >= 3
    assert all(after.time == pytest.approx(before.ended_at) for before, after in pairwise(found))


def test_cutting_makes_no_speech_of_a_hangover() -> None:
    """Where coverage is told in the wait for more talk, no second segment begins."""
    made = Segments(RULE, "ear")
    told = list(made.feed(0.0, np.full(100, 0.9), np.full(100, LOUD)))
    told += list(made.feed(1.0, np.zeros(20), np.full(20, QUIET)))
    told += list(made.cut(1.2))
    told += list(made.feed(1.2, np.zeros(100), np.full(100, QUIET)))
    assert spans([*told, *made.cut(2.2)]) == [("speech", 0.0, 1.0)]


def test_a_detector_that_is_late_is_waited_for() -> None:
    """What it says is put to the sound that it is about, however that came in pieces."""
    late = Segments(RULE.model_copy(update={"latency_s": 0.3}), "ear")
    levels = np.concatenate([np.full(100, QUIET), np.full(100, LOUD), np.full(200, QUIET)])
    chances = np.roll(np.where(levels == LOUD, 0.9, 0.0), 30)
    told = [each for at in range(0, 400, 7) for each in late.feed(at / 100, chances[at : at + 7], levels[at : at + 7])]
    assert spans(told) == [("speech", 1.0, 2.0)]
    assert told[0].level == pytest.approx(LOUD, abs=0.1)


PARTS = st.tuples(st.integers(1, 200).map(lambda n: n / 100), st.floats(0, 1), st.floats(-96, 0))


@given(st.lists(PARTS, min_size=1, max_size=12), st.integers(1, 300))
def test_segments_are_in_order_and_within_what_was_heard(parts: list[Part], piece: int) -> None:
    """Whatever is heard, segments end after they begin, follow each other, and lie within the time."""
    found = segments(*parts, piece=piece)
    end = sum(round(seconds * 100) for seconds, _, _ in parts) / 100
    times = [time for each in found for time in (each.time, each.ended_at)]
    assert all(after >= before - 1e-6 for before, after in pairwise(times))
    assert all(0 <= time <= end + 1e-6 for time in times)
    assert spans(found) == spans(segments(*parts, piece=7))
