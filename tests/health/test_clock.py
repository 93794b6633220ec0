# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.health.clock import Clock
from appliance.limits import CLOCK_STEP_S, STEP_TOLD_S, UNSYNCHRONISED_S
from tests.health.readings import START, kinds, machine, reading


def told(clock: Clock, time: float, ahead: float, *, synchronised: bool = True) -> list[str]:
    """Return the troubles if the wall clock is ``ahead`` of steady time."""
    now = replace(machine(time + ahead), synchronised=synchronised)
    return kinds(clock.feed(reading(time, machine=now)))


def test_a_clock_that_nobody_keeps() -> None:
    """Without a time server it is told after a while, since a machine that just started has none."""
    assert told(Clock(), START, 0.0) == []
    now = replace(machine(START), synchronised=False)
    (trouble,) = Clock().feed(reading(START, machine=now))
    assert (trouble.kind, trouble.after) == ("clock-not-synchronised", UNSYNCHRONISED_S)


def test_a_clock_that_is_set() -> None:
    """A step is told for an hour, with how far and in which direction; soft corrections are none."""
    clock = Clock()
    assert told(clock, START, 0.0) == told(clock, START + 1, CLOCK_STEP_S) == []
    assert told(clock, START + 2, -3600.0) == ["clock-stepped"]
    assert told(clock, START + 2 + STEP_TOLD_S, -3600.0) == ["clock-stepped"]
    assert told(clock, START + 3 + STEP_TOLD_S, -3600.0) == []
    (trouble,) = clock.feed(reading(START + 9000, machine=machine(START + 9005)))
    assert trouble.text == "The clock was set forward by 1\N{NO-BREAK SPACE}h."


def test_the_first_synchronisation_is_no_step() -> None:
    """A Pi begins with the time of its last shutdown, and that is put right once it has a network."""
    clock = Clock()
    assert told(clock, START, -5000.0, synchronised=False) == ["clock-not-synchronised"]
    assert told(clock, START + 60, 0.0) == []
    assert told(clock, START + 61, 0.0) == []
