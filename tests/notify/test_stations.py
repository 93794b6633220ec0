# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.events import Service, Tell
from appliance.household import Channel, Choices, Secrets
from appliance.ledger import open_ledger
from appliance.notify.letter import Letter
from appliance.notify.mqtt.teller import Moment
from appliance.notify.stations import Stations
from appliance.speakers.inventory import Inventory
from tests.notify.making import NOON
from tests.notify.mqtt.broker import Listener, Mosquitto

HOME = Channel(id="ha", kind="mqtt", name="Home Assistant")
LETTER = Letter("k", "T", "B", Tell.ALERT)


@pytest.fixture
def stations(tmp_path: Path) -> Iterator[Stations]:
    path = tmp_path / "ledger.sqlite"
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
    stations.step([HOME], moment())
    with closing(Listener(mosquitto.port)) as listener:
        topic = f"{stations._topics.base}/status"
        assert listener.wait(topic, lambda text: text == "online")
        assert stations.sender("ha")(LETTER).arrived
        stations.step([HOME.model_copy(update={"on": False})], moment())
        assert listener.wait(topic, lambda text: text == "offline")
    assert not stations.sender("ha")(LETTER).arrived


def test_a_channel_that_says_nonsense_is_passed_over(stations: Stations) -> None:
    """A broker without an address stops no other."""
    stations.step([HOME], moment())
    assert "address" in stations.sender("ha")(LETTER).words
