# SPDX-License-Identifier: GPL-2.0-or-later
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from appliance.events import Tell
from appliance.notify.letter import Letter
from appliance.notify.mqtt.broker import Broker
from appliance.notify.mqtt.discovery import discovery_topic
from appliance.notify.mqtt.station import Shown, Station
from appliance.notify.mqtt.topics import Topics
from tests.notify.making import KITCHEN
from tests.notify.mqtt.broker import PATIENCE_S, Listener, Mosquitto

TOPICS = Topics("hut")
CONFIG = discovery_topic(TOPICS, "homeassistant")
SHOWN = Shown({KITCHEN: "Kitchen Echo"}, ("kitchen-mic",), "http://earwitness.local")


class Switch:
    """Whether alerts are paused, as others said."""

    def __init__(self) -> None:
        self.paused: list[bool] = []
        self.said = threading.Semaphore(0)

    def __call__(self, paused: bool) -> None:  # noqa: D102, FBT001 - as the station calls it
        self.paused.append(paused)
        self.said.release()


@pytest.fixture
def switch() -> Switch:
    return Switch()


@pytest.fixture
def station(mosquitto: Mosquitto, switch: Switch) -> Iterator[Station]:
    with closing(Station(Broker("127.0.0.1", mosquitto.port), TOPICS, switch)) as station:
        station.open()
        yield station


def connected(station: Station) -> None:
    until = time.monotonic() + PATIENCE_S
    while station.problem:
        assert time.monotonic() < until, station.problem


def test_it_announces_itself(station: Station, listener: Listener) -> None:
    """Home Assistant finds the appliance with all its entities, and it is online."""
    station.show(SHOWN)
    found = listener.document(CONFIG)
    assert listener.wait(TOPICS.status) == "online"
    assert found["avty_t"] == TOPICS.status
    assert len({each["uniq_id"] for each in found["cmps"].values()}) == len(found["cmps"])
    assert {each["p"] for each in found["cmps"].values()} == {"switch", "binary_sensor", "sensor", "event"}


def test_it_announces_itself_again(station: Station, listener: Listener) -> None:
    """When Home Assistant was started anew, or there is a new speaker, everything is announced again."""
    connected(station)
    station.show(SHOWN)
    listener.wait(CONFIG)
    listener.say("homeassistant/status", "online")
    listener.wait_for(CONFIG, 2)
    station.show(Shown({**SHOWN.speakers, "02:00:00:00:00:09": "Hall Dot"}, (), None))
    listener.wait(CONFIG, lambda text: "Hall Dot" in text)
    assert sum("Hall Dot" not in text for text in listener.on(CONFIG)) == 2


def test_a_speaker_that_is_gone_is_removed(station: Station, mosquitto: Mosquitto, listener: Listener) -> None:
    """Home Assistant is told by its rules, and the broker keeps no state of it; also of what went between two runs."""
    connected(station)
    station.show(SHOWN)
    station.tell({TOPICS.speaker(KITCHEN): "{}", TOPICS.ear("kitchen-mic"): "{}"})
    listener.wait(TOPICS.ear("kitchen-mic"))
    station.show(Shown(SHOWN.speakers, (), None))
    listener.wait(TOPICS.ear("kitchen-mic"), lambda text: text == "")
    left = json.loads(listener.on(CONFIG)[-1])["cmps"]
    assert left["ear-kitchen-mic-level"] == {"p": "sensor"}
    station.close()
    with closing(Station(Broker("127.0.0.1", mosquitto.port), TOPICS, lambda _paused: None)) as later:
        later.show(Shown({}, (), None))
        later.open()
        listener.wait(TOPICS.speaker(KITCHEN), lambda text: text == "")
        removed = json.loads(listener.on(CONFIG)[-1])["cmps"]
    assert removed.pop("pause")["p"] == "switch"
    assert len(removed) == 6
    assert all(each.keys() == {"p"} for each in removed.values())
    with closing(Listener(mosquitto.port)) as late:
        late.wait(CONFIG)
        assert late.on(TOPICS.speaker(KITCHEN)) == []


def test_states_stay_at_the_broker(station: Station, mosquitto: Mosquitto, listener: Listener) -> None:
    """Whoever comes later hears the last of each; what did not change is not told again."""
    connected(station)
    for _ in range(3):
        station.tell({TOPICS.pause: "OFF"})
    station.tell({TOPICS.pause: "ON"})
    listener.wait(TOPICS.pause, lambda text: text == "ON")
    assert listener.on(TOPICS.pause) == ["OFF", "ON"]
    with closing(Listener(mosquitto.port)) as later:
        assert later.wait(TOPICS.pause) == "ON"


def test_alerts_are_published(station: Station, listener: Listener) -> None:
    """An alert arrives as a webhook's receiver would get it."""
    connected(station)
    told = station.send(Letter("k1", "Title", "Body", Tell.URGENT))
    assert told.arrived, told.words
    assert listener.document(TOPICS.alert)["key"] == "k1"


def test_a_broker_that_is_away(station: Station, mosquitto: Mosquitto, listener: Listener) -> None:
    """While it is away nothing is taken for told; when it is back all states are there, and alerts go out again."""
    connected(station)
    station.show(SHOWN)
    station.tell({TOPICS.pause: "OFF"})
    listener.wait(TOPICS.pause)
    mosquitto.stop()
    until = time.monotonic() + PATIENCE_S
    while not station.problem:
        assert time.monotonic() < until
    assert not station.happened(TOPICS.event(KITCHEN), "{}")
    assert not station.send(Letter("k1", "Title", "Body", Tell.URGENT)).arrived
    mosquitto.start()
    with closing(Listener(mosquitto.port)) as later:
        assert later.wait(TOPICS.pause) == "OFF"
        assert "Kitchen Echo" in later.wait(CONFIG)
        assert station.happened(TOPICS.event(KITCHEN), json.dumps({"event_type": "called"}))
        assert later.document(TOPICS.event(KITCHEN)) == {"event_type": "called"}


def test_it_is_seen_to_be_gone(mosquitto: Mosquitto, switch: Switch, listener: Listener) -> None:
    """Whoever ends it in order says so; if it dies the broker does."""
    station = Station(Broker("127.0.0.1", mosquitto.port), TOPICS, switch)
    station.open()
    connected(station)
    listener.wait(TOPICS.status, lambda text: text == "online")
    station._client._sock_close()  # as when the power is cut
    listener.wait(TOPICS.status, lambda text: text == "offline")
    station.close()


def test_the_switch_pauses_alerts(station: Station, switch: Switch, listener: Listener) -> None:
    """Only ON and OFF are obeyed, on its own topic."""
    connected(station)
    for payload in ("ON", "perhaps", "OFF"):
        listener.say(TOPICS.pause_set, payload)
    for _ in range(2):
        assert switch.said.acquire(timeout=PATIENCE_S)
    assert switch.paused == [True, False]


def test_nobody_there_is_told() -> None:
    """Without a broker an alert has not arrived, and the reason is in words."""
    station = Station(Broker("127.0.0.1", 1), TOPICS, Switch())
    told = station.send(Letter("k1", "Title", "Body", Tell.URGENT))
    assert (told.arrived, told.words) == (False, "127.0.0.1: not connected yet")


def test_nothing_piles_up_while_a_broker_is_away() -> None:
    """However often a state changes meanwhile, only the last is kept to be told."""
    station = Station(Broker("127.0.0.1", 1), TOPICS, Switch())
    for level in range(100):
        station.tell({TOPICS.ear("kitchen-mic"): f"{level}"})
    assert station._client._out_messages == {}
    assert station._told == {TOPICS.ear("kitchen-mic"): "99"}


def test_a_kept_switch_is_not_obeyed(mosquitto: Mosquitto, switch: Switch, listener: Listener) -> None:
    """A word that the broker keeps for everybody who comes later would hush us after each outage."""
    listener.say(TOPICS.pause_set, "ON", retain=True)
    with closing(Station(Broker("127.0.0.1", mosquitto.port), TOPICS, switch)) as station:
        station.open()
        connected(station)
        listener.say(TOPICS.pause_set, "OFF")
        assert switch.said.acquire(timeout=PATIENCE_S)
    assert switch.paused == [False]
