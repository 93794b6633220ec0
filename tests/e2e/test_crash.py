# SPDX-License-Identifier: GPL-2.0-or-later
"""Services that are killed at any moment, again and again, while speakers talk.

A handful of rounds, or as many as EARWITNESS_ROUNDS says.
"""

import os
import time
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from appliance.events import Service
from appliance.ledger.rows import COVERAGES, LOSS, SPEECH, UPLOAD, VERDICT, WAKE, Fact, Table
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import Appliance, House, until
from tests.e2e.minute import Minute, Playing, arrive_and_talk, minute, simulated, soon
from tests.ears.sounds import say
from tests.microphones import VirtualMicrophone

ROUNDS = int(os.environ.get("EARWITNESS_ROUNDS", "5"))
ROUND_S = 4.0
BEFORE_S, KNOWN_S = 0.3, 2.5  # an upload must be found if nobody was killed from its begin until it surely was written


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Minute:
    """Six speakers that are called all the time, and all of whose frames pass the bridge."""
    folder = tmp_path_factory.mktemp("play") / "play"
    return minute(simulated(folder, ROUNDS * ROUND_S + 8, arrive_and_talk, "chatter"))


class Shown:
    """What a reader was shown so far of some tables: it must never be gone."""

    def __init__(self, appliance: Appliance, *tables: Table[Any]) -> None:
        self.facts: set[Fact] = set()
        self._appliance = appliance
        self._tables = tables

    def look(self) -> None:
        """Read, and check that nothing is missing that was there before."""
        now = {fact for table in self._tables for fact in self._appliance.facts(table)}
        assert self.facts <= now, "what was shown is gone"
        self.facts = now


def steady(appliance: Appliance) -> float:
    return appliance.steady(time.clock_gettime_ns(time.CLOCK_BOOTTIME))


def crash(appliance: Appliance, shown: Shown, playing: Playing) -> list[tuple[float, float]]:
    """Kill the services in turn until the play is over; return from when to when the capture was not at work."""
    dice, blind, turn = Random(1), [], 0
    while not playing.over:
        service = (Service.CAPTURE, Service.HUB)[turn % 2]
        turn += 1
        moment = steady(appliance) + dice.uniform(0.2, 2.5)
        while steady(appliance) < moment:
            shown.look()
        killed = steady(appliance)
        appliance.kill(service)
        shown.look()
        appliance.start(service)
        told = appliance.capture()
        assert told is not None
        if service is Service.CAPTURE:
            blind.append((killed, told.covered_since))
    assert turn >= ROUNDS * 0.6
    return blind


def test_killed_at_any_moment(house: House, appliance: MakeAppliance, talking: Minute) -> None:
    """The house's frames all pass, no fact that was shown is gone, every upload in view is found, and judged once."""
    ours = appliance(watch="everything")
    ours.start(Service.CAPTURE, Service.HUB)
    before = house.received(house.home, "home") + house.received(house.world, "world")
    begin = soon()
    happens = talking.moved(ours.steady(begin))
    ours.hear(happens.heard.sounds)
    shown = Shown(ours, UPLOAD, VERDICT)
    playing = Playing(happens, house.wires(), begin)
    blind = crash(ours, shown, playing)
    played = playing.finish()
    passed = house.received(house.home, "home") + house.received(house.world, "world") - before
    assert passed == played.frames
    until("all to be judged", partial(ours.judged, steady(ours)))
    shown.look()
    losses = ours.facts(LOSS)
    for killed, since in blind:
        assert any(loss.time <= killed and loss.ended_at >= since - 0.001 for loss in losses), "the gap is not told"
    announced = Counter(upload.key for upload in ours.facts(UPLOAD) if upload.ended_at is None)
    assert announced.keys() == {upload.key for upload in ours.uploads()}
    judged = Counter(verdict.upload.key for verdict in ours.verdicts() if verdict.upload)
    assert judged == announced == dict.fromkeys(announced, 1)
    in_view = [
        (device, start)
        for device, start in happens.truth
        if not any(since > start - BEFORE_S and killed < start + KNOWN_S for killed, since in blind)
    ]
    missed = [
        (device, start - begin / 1e9 - ours.boot.anchor / 1e9)
        for device, start in in_view
        if not any(u.flow.device == device and abs(u.started_at - start) < 0.5 + played.late for u in ours.uploads())
    ]
    assert missed == []
    assert len(in_view) >= ROUNDS // 3


def test_ears_killed_at_any_moment(appliance: MakeAppliance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was heard and shown is never gone, and what a killed run's status told of coverage, the next one writes."""
    ours, dice = appliance(), Random(1)
    shown = Shown(ours, WAKE, SPEECH)
    with VirtualMicrophone(tmp_path) as microphone:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(microphone.config(tmp_path / "asound.conf")))
        with ours.file.open("a", encoding="utf-8") as file:
            file.write(f'\n[[ears.microphones]]\nname = "kitchen-mic"\ndevice = "{microphone.name}"\n')
        ours.start(Service.EARS)
        for _ in range(max(2, ROUNDS // 3)):
            microphone.queue(say("Alexa"))
            moment = until("the ear to listen", partial(listens, ours)) + dice.uniform(0.2, 3.0)
            until("any moment", partial(over, ours, moment))
            told = ours.ears()
            ours.kill(Service.EARS)
            shown.look()
            ours.start(Service.EARS)
            assert told is not None
            stretches = [(name, ear.covered_since, ear.covered_until) for name, ear in told.ears.items()]
            covered = [(each.source, each.time, each.ended_at) for each in ours.facts(COVERAGES[Service.EARS])]
            for name, since, until_ in stretches:
                assert any(each[:2] == (name, since) and each[2] >= until_ for each in covered), (stretches, covered)
        assert ours.end(Service.EARS)[0] == 0
    assert shown.facts


def over(appliance: Appliance, moment: float) -> bool:
    """Say whether a moment is over."""
    return steady(appliance) > moment


def listens(appliance: Appliance) -> float:
    """Return since when the ear listens; 0 if it does not."""
    status = appliance.ears()
    ears = status.ears.values() if status else ()
    return max((ear.covered_since for ear in ears if ear.covered_until > ear.covered_since), default=0.0)
