# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.health import Health
from appliance.limits import BLIND_AFTER_S, HEALTH_CALM_S
from tests.health.readings import ECHO, START, capture, machine, reading


def test_an_appliance_that_is_well_tells_nothing() -> None:
    """An hour of readings on which all is right has no finding."""
    health = Health()
    assert [finding for second in range(3600) for finding in health.feed(reading(START + second))] == []
    assert health.open == []


def test_the_capture_goes_and_comes_back() -> None:
    """A service that is gone is one finding with a begin and an end; a speaker is not missed because of it."""
    health, told = Health(), []
    for second in range(400):
        time = START + second
        gone = 100 <= second < 300
        status = capture(START + 99) if gone else capture(time)
        told += health.feed(
            reading(time, capture=status, machine=machine(time, running=frozenset({101} - {101 * gone})))
        )
    begun, ended = told
    assert (begun.kind, begun.time, begun.ended_at) == ("capture-gone", START + 100, None)
    assert (ended.kind, ended.time, ended.ended_at) == ("capture-gone", START + 100, START + 299)
    assert BLIND_AFTER_S < HEALTH_CALM_S


def test_all_that_can_go_wrong_at_once_is_told() -> None:
    """Each check has its say, with a sentence, what to do, and the device that it concerns."""
    health, told = Health(), []
    for second in range(0, 4000, 10):
        time = START + second
        bad = second >= 100
        wall = 500.0 if bad else 0.0
        sick = machine(time + wall, celsius=90.0 if bad else 40.0, under_voltage=bad, throttled=bad)
        status = capture(time, lost=second if bad else 0, last_seen={ECHO: START}, covered_until=time - 60 * bad)
        told += health.feed(reading(time, machine=sick, capture=status, backlog=5 * bad))
    assert {finding.kind for finding in told if finding.ended_at is None} == {
        *("capture-behind", "silent-speaker", "frames-lost", "clock-stepped", "ledger-unwritten"),
        *("hot", "under-voltage", "throttled"),
    }
    assert [finding.kind for finding in told if finding.ended_at is not None] == ["clock-stepped"]
    assert all(finding.figures[-1].key == "remedy" and finding.figures[-1].text for finding in told)
    assert {finding.device for finding in told} == {None, ECHO}
