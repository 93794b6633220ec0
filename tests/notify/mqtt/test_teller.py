# SPDX-License-Identifier: GPL-2.0-or-later
import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from appliance.events import Correction, Service, Tell, Upload, Verdict
from appliance.household import Choices, Snooze
from appliance.ledger import Ledger, Reader, open_ledger
from appliance.notify.mqtt.broker import Broker
from appliance.notify.mqtt.station import Station
from appliance.notify.mqtt.teller import Moment, Teller
from appliance.notify.mqtt.topics import Topics
from appliance.speakers.registry import Registry
from appliance.status import Listening
from tests.judge.household import ECHO, upload
from tests.notify.making import NOON
from tests.notify.mqtt.broker import PATIENCE_S, Listener, Mosquitto

TOPICS = Topics("hut")
STEADY = 1000.0


@dataclass
class House:
    """A ledger that somebody writes to, and a teller that follows it."""

    path: Path
    ledger: Ledger
    boot: int
    station: Station
    moment: Moment

    def __post_init__(self) -> None:
        """Begin to follow."""
        self.reader = Reader(self.path)
        self.restart()

    def restart(self) -> None:
        """Begin anew, as after a crash."""
        self.teller = Teller(self.path, "mqtt", self.station, TOPICS)

    def sends(self, start: float = STEADY, name: str = "unexplained_speech") -> None:
        """Have the speaker send something that nobody asked for."""
        sent = upload(start)[0]
        assert isinstance(sent, Upload)
        word = Verdict(sent.time, name, Tell.ALERT, 0.9, ECHO, sent, None, (), "1", final=False)
        self.ledger.write(self.boot, [word])

    def step(self) -> None:
        """Tell what is new."""
        self.teller.step(self.reader, self.moment)


@pytest.fixture
def house(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[House]:
    path = tmp_path / "ledger.sqlite"
    with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as capture:
        capture.write(capture.begin("boot", 0.0), [Correction(0.0, NOON - STEADY, synchronised=True)])
    registry = Registry(tmp_path / "registry.json", 0.0)
    registry.correct(ECHO, {"name": "Kitchen Echo", "status": "confirmed"})
    ears = {"kitchen-mic": Listening(covered_since=0.0, covered_until=1.0, level=-40.0)}
    moment = Moment(registry.inventory, ears, Choices(), "http://e.local", NOON + 60)
    ledger = open_ledger(path, service=Service.HUB, now=0.0)
    station = Station(Broker("127.0.0.1", mosquitto.port), TOPICS, lambda _paused: None)
    station.open()
    until = time.monotonic() + PATIENCE_S
    while station.problem:
        assert time.monotonic() < until
    house = House(path, ledger, ledger.begin("boot", 0.0), station, moment)
    yield house
    house.reader.close()
    station.close()
    ledger.close()


def test_what_is_true_is_told(house: House, listener: Listener) -> None:
    """The speaker's day, the ear and the switch are told, and told again when they change."""
    house.step()
    assert listener.document(TOPICS.speaker(ECHO))["uploads_today"] == 0
    assert listener.wait(TOPICS.pause) == "OFF"
    assert listener.document(TOPICS.ear("kitchen-mic"))["level"] == -40.0
    house.sends()
    house.moment = replace(house.moment, choices=Choices(snoozes=(Snooze(until=NOON + 900),)))
    house.step()
    state = listener.document(TOPICS.speaker(ECHO), lambda text: '"uploads_today":1' in text)
    assert (state["problem"], state["unexplained_today"], state["bytes_today"]) == ("ON", 1, 9000)
    assert listener.wait(TOPICS.pause, lambda text: text == "ON")


def test_each_verdict_is_an_event_once(house: House, listener: Listener) -> None:
    """What was judged before the channel was there is not told; after a crash nothing is told twice."""
    house.sends()
    house.step()
    house.restart()
    house.sends(STEADY + 60, "false_wake")
    house.step()
    house.restart()
    house.step()
    house.sends(STEADY + 90, "call")
    house.step()
    listener.wait(TOPICS.event(ECHO), lambda text: "call" in text)
    told = [json.loads(text)["event_type"] for text in listener.on(TOPICS.event(ECHO))]
    assert told == ["unexplained_speech", "false_wake", "call"]


def test_events_of_an_outage_come_after_it(house: House, mosquitto: Mosquitto) -> None:
    """What happened while the broker was away is told when it is back, in its order."""
    mosquitto.stop()
    for number in range(3):
        house.sends(STEADY + 30 * number)
        house.step()
    mosquitto.start()
    with closing(Listener(mosquitto.port)) as later:
        until = time.monotonic() + PATIENCE_S
        while len(later.on(TOPICS.event(ECHO))) < 3:
            assert time.monotonic() < until
            house.step()
        times = [json.loads(text)["time"] for text in later.on(TOPICS.event(ECHO))]
    assert times == sorted(times)
    assert len(set(times)) == 3


def test_midnight_begins_a_new_day(house: House, listener: Listener) -> None:
    """On the next day nothing has been sent yet."""
    house.sends()
    house.step()
    house.moment = replace(house.moment, now=NOON + 86_400)
    house.step()
    listener.wait(TOPICS.speaker(ECHO), lambda text: '"uploads_today":1' in text)
    listener.wait(TOPICS.speaker(ECHO), lambda text: '"uploads_today":0' in text)
