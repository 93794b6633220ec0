# SPDX-License-Identifier: GPL-2.0-or-later
"""kill -9 at every step of the outbox: each message arrives all the same, and what comes twice has the same key.

Twenty rounds, or as many as EARWITNESS_ROUNDS says.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

import pytest

from appliance.events import Service, Tell, Upload, Verdict
from appliance.household import Caps, Channel, Household, Secrets
from appliance.ledger import open_ledger
from appliance.limits import ALERTS_A_DAY, ALERTS_AN_HOUR
from appliance.notify.message import Message, State
from appliance.notify.messages import Messages
from appliance.notify.office import Office
from appliance.notify.premises import Premises
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from tests.judge.household import ECHO, upload
from tests.notify.making import RULES
from tests.notify.receiver import Reaction, Receiver

ROUNDS = int(os.environ.get("EARWITNESS_ROUNDS", "20"))
PATIENCE_S = 120.0
CHANNELS = ("phone", "tablet")
#: Each process is a copy of one that has read the code and done nothing with it.
FRESH = get_context("forkserver")
FRESH.set_forkserver_preload([__name__])


def office(folder: Path) -> Office:
    paths = Paths(state=folder, run=folder, rules=folder)
    return Office(Premises(paths, RULES, Registry(paths.registry, 0.0), Household(paths.household)), None)


def work(folder: Path) -> None:
    """Be the hub's office until killed."""
    office(folder)._work()


class House:
    """A household whose two channels are told of each upload, by an office that is killed again and again."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(state=folder, run=folder, rules=folder)
        self.ledger = open_ledger(self.paths.ledger, service=Service.HUB, now=0.0)
        self.boot = self.ledger.begin("boot", 0.0)
        self.receiver = Receiver(self._react)
        self.uploads = 0
        self.killed_by_request = False
        channels = [Channel(id=each, kind="webhook", name=each) for each in CHANNELS]
        Household(self.paths.household).change(
            channels=channels, caps=Caps(an_hour=ALERTS_AN_HOUR, a_day=ALERTS_A_DAY, cooldown_minutes=0)
        )
        for each in CHANNELS:
            Secrets(self.paths.secrets).put(each, {"url": f"{self.receiver.url}/{each}"})
        office(folder)  # what is new is told from now on

    def upload(self) -> None:
        """Have something be sent that nobody asked for, by another connection than any before."""
        self.uploads += 1
        sent = upload(time.time(), port=10_000 + self.uploads)[0]
        assert isinstance(sent, Upload)
        word = Verdict(sent.time, "unexplained_silence", Tell.URGENT, 0.9, ECHO, sent, None, (), "1", final=False)
        self.ledger.write(self.boot, [word])

    def start(self) -> None:
        """Start the office."""
        self.process: ForkServerProcess = FRESH.Process(target=work, args=(self.paths.state,), daemon=True)
        self.process.start()

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.join(PATIENCE_S)
        assert self.process.exitcode == -9

    def messages(self) -> list[Message]:
        """Return all that the outbox has."""
        with closing(Messages(self.paths.ledger)) as messages:
            return [message for channel in CHANNELS for message in messages.since(channel, 0.0)]

    def _react(self, _number: int) -> Reaction:
        if self.killed_by_request:
            self.process.kill()
        return Reaction()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    with closing(house.ledger), house.receiver:
        yield house
        house.process.kill()
        house.process.join(PATIENCE_S)


def live_and_die(house: House, how: int, dice: Random) -> None:
    """Let the office begin, and kill it: by what it sends, soon after that has come, or whenever."""
    came = len(house.receiver.requests)
    house.killed_by_request = how == 0
    house.start()
    for _ in range(dice.randint(1, 2)):
        house.upload()
    match how:
        case 0:
            house.process.join(PATIENCE_S)
        case 1:
            house.receiver.wait(came + 1, PATIENCE_S)
            house.process.join(dice.uniform(0.0, 0.03))
        case _:
            house.process.join(dice.uniform(0.0, 0.5))
    house.kill()


def test_killed_at_every_step(house: House) -> None:
    """Each upload is told to each channel, and once but for doubles, which are alike to the last word."""
    dice = Random(ROUNDS)
    for number in range(ROUNDS):
        live_and_die(house, number % 3, dice)
    house.killed_by_request = False
    house.start()
    until = time.monotonic() + PATIENCE_S
    while any(each.state is not State.SENT for each in house.messages()) or len(house.messages()) < 2 * house.uploads:
        assert time.monotonic() < until, house.messages()
        house.process.join(0.1)
    told: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    whole = [each for each in house.receiver.requests if len(each.body) == int(each.headers["Content-Length"])]
    for request in whole:
        told[request.path, json.loads(request.body)["key"]].add(request.body)
    assert told.keys() == {(f"/{each.channel}", each.key) for each in house.messages()}
    assert len(told) == 2 * house.uploads
    assert all(len(bodies) == 1 for bodies in told.values())
    assert len(whole) > len(told), "nothing was killed before it was noted"
