# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.ears.block import Block
from appliance.ears.engine import RATE, Samples
from appliance.ears.health import Fault, Health, Ill, Pace
from appliance.events import Coverage
from appliance.rules import load_rules
from tests.ears.sounds import quiet

RULE = load_rules(None).wake.health
PIECE = RATE // 10

DEAF = {
    Ill.MUTED: np.zeros(5 * RATE, np.int16),
    Ill.FLAT: np.random.default_rng(1).integers(200, 202, 5 * RATE).astype(np.int16),
    Ill.CLIPPING: np.where(np.arange(5 * RATE) % 40 < 20, 32767, -32768).astype(np.int16),
}


def blocks(*parts: Samples, start: float = 100.0) -> Iterable[Block]:
    sound = np.concatenate(parts)
    for at in range(0, sound.size, PIECE):
        yield Block(start + at / RATE, sound[at : at + PIECE])


def told(health: Health, sound: Iterable[Block]) -> list[Coverage | Fault]:
    found: list[Coverage | Fault] = []
    for block in sound:
        found += health.feed(block)
        found += health.report(block.ended_at)
    return found


def covered(found: Iterable[Coverage | Fault]) -> list[tuple[float, float]]:
    """The stretches covered, those that touch made one, to the millisecond."""
    stretches: list[tuple[float, float]] = []
    for each in found:
        if isinstance(each, Coverage):
            if stretches and abs(stretches[-1][1] - each.time) < 1e-6:
                stretches[-1] = (stretches[-1][0], each.ended_at)
            else:
                stretches.append((each.time, each.ended_at))
    return [(round(start, 3), round(end, 3)) for start, end in stretches]


def faults(found: Iterable[Coverage | Fault]) -> list[tuple[Ill, float, float | None]]:
    """What was told of faults, to the millisecond."""
    return [
        (each.what, round(each.time, 3), None if each.ended_at is None else round(each.ended_at, 3))
        for each in found
        if isinstance(each, Fault)
    ]


def test_a_quiet_room_is_covered() -> None:
    """A microphone that gives noise hears, without a gap."""
    health = Health(RULE, "ear")
    found = told(health, blocks(quiet(10)))
    assert covered([*found, *health.finish()]) == [(100.0, 110.0)]


@pytest.mark.parametrize("ill", list(DEAF))
def test_a_deaf_ear_is_noticed_and_its_gap_is_whole(ill: Ill) -> None:
    """Within five seconds of sound it is told what is wrong, and nothing from its begin to its end is covered."""
    health = Health(RULE, "ear")
    found = told(health, blocks(quiet(5), DEAF[ill], quiet(5, 2)))
    assert faults(found) == [(ill, 105.0, None), (ill, 105.0, 110.0)]
    gap = covered([*found, *health.finish()])
    assert gap == [(100.0, 105.0), (110.0, 115.0)]


@pytest.mark.parametrize("ill", list(DEAF))
def test_it_is_noticed_within_five_seconds(ill: Ill) -> None:
    """The time from the fault's begin until it is told is bounded."""
    health = Health(RULE, "ear")
    told(health, blocks(quiet(1)))
    for block in blocks(DEAF[ill], start=101.0):
        if any(isinstance(each, Fault) for each in health.feed(block)):
            assert block.ended_at - 101.0 <= 5.0
            return
    pytest.fail("it was never noticed")


def test_a_moment_of_it_is_no_fault() -> None:
    """A click, or some zeros, break no coverage."""
    health = Health(RULE, "ear")
    found = told(health, blocks(quiet(2), DEAF[Ill.MUTED][: RATE // 5], quiet(2)))
    assert covered([*found, *health.finish()]) == [(100.0, 104.2)]
    assert health.faults == {}


def test_lost_samples_are_a_gap() -> None:
    """What was lost between two blocks is not covered, and is told."""
    health = Health(RULE, "ear")
    found = told(health, blocks(quiet(2)))
    found += told(health, [Block(102.5, quiet(2), lost=RATE // 2)])
    assert faults(found) == [(Ill.LOST, 102.0, 102.5)]
    assert covered([*found, *health.finish()]) == [(100.0, 102.0), (102.5, 104.5)]


def test_a_dead_ear_is_told_by_the_clock() -> None:
    """When nothing comes, somebody must look at the clock; when it returns, it is healed."""
    health = Health(RULE, "ear")
    found = told(health, blocks(quiet(2)))
    assert list(health.advance(102.5)) == []
    found += health.advance(102.0 + RULE.dead_s)
    found += told(health, blocks(quiet(2), start=120.0))
    assert faults(found) == [(Ill.DEAD, 102.0, None), (Ill.DEAD, 102.0, 120.0)]
    assert covered([*found, *health.finish()]) == [(100.0, 102.0), (120.0, 122.0)]


def test_an_ear_that_never_gave_anything_is_dead() -> None:
    """From the moment it was expected."""
    health = Health(RULE, "ear")
    assert list(health.advance(50.0)) == []
    assert list(health.advance(50.0 + RULE.dead_s)) == [Fault(50.0, "ear", Ill.DEAD)]


def test_another_device_gives_samples_at_another_pace() -> None:
    """A device at 48 kHz is found out by the clock; the right one with a little jitter is not."""
    for rate, wrong in ((48_000, True), (44_100, True), (RATE, False), (int(RATE * 1.002), False)):
        pace = Pace(RULE)
        judged = [pace.feed(rate // 10, now / 10 + (now % 3) * 0.01) for now in range(70)]
        assert [each for each in judged if each is not None] == [False, wrong, wrong]
    assert 2 * RULE.pace_s < 5


def test_samples_that_come_late_are_at_no_other_pace() -> None:
    """A machine that is busy for half a second gets them afterwards."""
    pace = Pace(RULE)
    for now in range(400):
        waiting = now % 23 < 5  # half a second in which nothing comes, and then all at once
        if not waiting:
            assert not pace.feed(RATE // 10 * (6 if now % 23 == 5 else 1), now / 10)


def test_a_wrong_pace_covers_nothing() -> None:
    """While the pace is wrong nothing is covered; put right, it is."""
    health = Health(RULE, "ear")
    found = told(health, blocks(quiet(1)))
    found += health.wrong_rate(101.0, wrong=True)
    found += told(health, blocks(quiet(1), start=101.0))
    found += health.wrong_rate(102.0, wrong=False)
    found += told(health, blocks(quiet(1), start=102.0))
    assert covered([*found, *health.finish()]) == [(100.0, 101.0), (102.0, 103.0)]


KINDS = st.sampled_from([*DEAF, "quiet"])


@given(st.lists(st.tuples(KINDS, st.integers(1, 30)), min_size=1, max_size=12))
def test_no_fault_is_ever_covered(parts: list[tuple[str, int]]) -> None:
    """Whatever comes, coverage and faults never overlap, and both stay within what was heard."""
    sounds = [quiet(n / 10) if kind == "quiet" else DEAF[Ill(kind)][: n * PIECE] for kind, n in parts]
    health = Health(RULE, "ear")
    found = told(health, blocks(*sounds))
    end = 100.0 + sum(each.size for each in sounds) / RATE
    ill = [each for each in found if isinstance(each, Fault) and each.ended_at is not None]
    ill += [Fault(since, "ear", what, end) for what, since in health.faults.items()]
    for start, stop in covered([*found, *health.finish()]):
        assert 100.0 <= start < stop <= end + 1e-3
        assert not [each for each in ill if each.time < stop - 1e-3 and (each.ended_at or end) > start + 1e-3]
