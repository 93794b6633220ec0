# SPDX-License-Identifier: GPL-2.0-or-later
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.events import Service, Tell, Upload, Verdict
from appliance.household import Channel, Choices, Secrets
from appliance.ledger import open_ledger
from appliance.notify.letter import Letter
from appliance.notify.mqtt.teller import Moment
from appliance.notify.stations import Stations
from appliance.speakers.inventory import Inventory
from tests.judge.household import ECHO, upload
from tests.notify.making import NOON
from tests.notify.mqtt.broker import PATIENCE_S, Listener, Mosquitto

HOME = Channel(id="ha", kind="mqtt", name="Home Assistant")
LETTER = Letter("k", "T", "B", Tell.ALERT)
LEDGER = "ledger.sqlite"


@pytest.fixture
def stations(tmp_path: Path) -> Iterator[Stations]:
    path = tmp_path / LEDGER
    open_ledger(path, service=Service.HUB, now=0.0).close()
    with closing(Stations(path, Secrets(tmp_path / "secrets.json"), lambda _paused: None)) as stations:
        yield stations


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path) as found:
        yield found


def moment() -> Moment:
    return Moment(Inventory(), {}, Choices(), None, NOON)


def test_channels_come_and_go(stations: Stations, mosquitto: Mosquitto, tmp_path: Path) -> None:
    """A broker that the owner adds is told at once, one that is switched off no more."""
    assert not stations.sender("ha")(LETTER).arrived
    Secrets(tmp_path / "secrets.json").put("ha", {"host": f"127.0.0.1:{mosquitto.port}"})
    stations.step([HOME], moment)
    with closing(Listener(mosquitto.port)) as listener:
        topic = f"{stations._topics.base}/status"
        assert listener.wait(topic, lambda text: text == "online")
        assert stations.sender("ha")(LETTER).arrived
        stations.step([HOME.model_copy(update={"on": False})], moment)
        assert listener.wait(topic, lambda text: text == "offline")
    assert not stations.sender("ha")(LETTER).arrived


def test_a_channel_that_says_nonsense_is_passed_over(stations: Stations) -> None:
    """A broker without an address stops no other."""
    stations.step([HOME], moment)
    assert "address" in stations.sender("ha")(LETTER).words


def test_what_is_judged_later_is_told_too(stations: Stations, mosquitto: Mosquitto, tmp_path: Path) -> None:
    """A verdict that comes after the first step is an event, as one that comes after the second is."""
    Secrets(tmp_path / "secrets.json").put("ha", {"host": f"127.0.0.1:{mosquitto.port}"})
    ledger = open_ledger(tmp_path / LEDGER, service=Service.HUB, now=0.0)
    topic = stations._topics.event(ECHO)
    with closing(ledger), closing(Listener(mosquitto.port)) as listener:
        boot = ledger.begin("boot", 0.0)
        for number in range(3):
            sent = upload(1000.0 + 60 * number)[0]
            assert isinstance(sent, Upload)
            word = Verdict(sent.time, "called", Tell.NOBODY, 0.9, ECHO, sent, None, (), f"{number}", final=False)
            stations.step([HOME], moment)
            ledger.write(boot, [word])
            until = time.monotonic() + PATIENCE_S
            while len(listener.on(topic)) <= number:
                assert time.monotonic() < until
                stations.step([HOME], moment)


def test_without_a_broker_nobody_looks_around(stations: Stations) -> None:
    """What the house is like is not asked as long as there is nobody to tell."""

    def look() -> Moment:
        raise AssertionError("looked")

    stations.step([], look)
