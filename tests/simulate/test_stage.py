# SPDX-License-Identifier: GPL-2.0-or-later
import math

from tests.simulate.playing import Theatre, calm

BEGIN = 1_781_395_200.0


def test_scenes_happen_in_order() -> None:
    """Scenes happen in order of time, those of one moment in the order they were put there, and only until then."""
    stage, seen = Theatre(calm()).stage, list[str]()
    for time, name in ((2, "b"), (1, "a"), (2, "c"), (9, "late")):
        stage.at(BEGIN + time, "music", lambda name=name: seen.append(name))  # type: ignore[misc]
    stage.perform(BEGIN + 5)
    assert seen == ["a", "b", "c"]


def test_what_was_left_out_does_not_happen() -> None:
    """A scene of a behaviour that is not in the play, or after its end, is never performed."""
    stage, seen = Theatre(calm("music")).stage, list[str]()
    stage.at(BEGIN, "music", lambda: seen.append("music"))
    stage.at(stage.scenario.end, "calls", lambda: seen.append("late"))
    stage.perform(math.inf)
    assert seen == []


def test_habits_come_back_to_the_end() -> None:
    """What happens every so often does until the play is over."""
    stage, seen = Theatre(calm(days=1)).stage, list[float]()
    stage.every(BEGIN + 100, 3600, "timers", seen.append)
    stage.perform(math.inf)
    assert seen == [BEGIN + 100 + 3600 * hour for hour in range(24)]


def test_nobody_talks_where_silence_is_kept() -> None:
    """A hushed stretch holds for its ear alone, and is forgotten when it is long over."""
    stage = Theatre(calm()).stage
    stage.hush("a", 10, 20)
    assert stage.hushed("a", 19, 25)
    assert not stage.hushed("a", 20, 25)
    assert not stage.hushed("b", 10, 20)
    stage.forget(21)
    assert not stage.hushed("a", 10, 20)


def test_bursts_are_told() -> None:
    """The truth of other traffic names device, time and kind."""
    theatre = Theatre(calm())
    theatre.stage.burst("aa:bb", 1.0, 2.0, "ota")
    assert theatre.truth() == [{"type": "burst", "device": "aa:bb", "start": 1.0, "end": 2.0, "kind": "ota"}]
