# SPDX-License-Identifier: GPL-2.0-or-later
import json

from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import MQTT_ANNOUNCED_BYTES
from appliance.notify.mqtt.announced import Announced
from appliance.notify.mqtt.discovery import discovery
from appliance.notify.mqtt.topics import Topics
from tests.notify.making import KITCHEN

TOPICS = Topics("hut")
HALL = "02:00:00:00:00:09"
BOTH = discovery(TOPICS, {KITCHEN: "Kitchen", HALL: "Hall"}, ("mic",), None)
ONE = discovery(TOPICS, {KITCHEN: "Kitchen"}, (), None)


def test_what_is_gone_is_named_by_its_platform_alone() -> None:
    """As Home Assistant wants it of a component that is to be removed; of what is there, nothing."""
    announced = Announced()
    announced.note(BOTH["cmps"])
    assert announced.gone(BOTH["cmps"]) == {}
    gone = announced.gone(ONE["cmps"])
    assert gone == {key: {"p": each["p"]} for key, each in BOTH["cmps"].items() if key not in ONE["cmps"]}
    assert len(gone) == 6 + 2
    assert announced.topics(ONE["cmps"], TOPICS.base) == {TOPICS.speaker(HALL), TOPICS.ear("mic")}


def test_an_earlier_run_is_remembered_by_the_broker() -> None:
    """What it had announced is gone now as well; what it had removed is nothing any more."""
    announced = Announced()
    assert announced.recall(json.dumps(BOTH).encode())
    assert not announced.recall(json.dumps(BOTH).encode())
    left = {**ONE, "cmps": ONE["cmps"] | announced.gone(ONE["cmps"])}
    later = Announced()
    later.recall(json.dumps(left).encode())
    assert later.gone(ONE["cmps"]) == {}


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps).map(str.encode)
)
def test_whatever_a_broker_keeps_harms_nothing(payload: bytes) -> None:
    """Bytes, or JSON that is no announcement, are as if there was none."""
    announced = Announced()
    assert not announced.recall(payload)
    assert announced.gone({}) == {}


def test_only_what_may_be_ours_is_taken() -> None:
    """Other platforms and keys are left alone, and no topic of others is emptied; too much is not read."""
    strange = {
        "a/b": {"p": "sensor", "stat_t": "earwitness/hut/x"},
        "lock": {"p": "lock", "stat_t": "earwitness/hut/lock"},
        "theirs": {"p": "sensor", "stat_t": "house/heating"},
        "untold": {"p": "sensor", "name": "no topic"},
        "list": ["p", "stat_t"],
    }
    announced = Announced()
    assert not announced.recall(json.dumps({"cmps": strange}).encode())
    del strange["untold"], strange["list"]
    assert announced.recall(json.dumps({"cmps": strange}).encode())
    assert announced.gone({}) == {"theirs": {"p": "sensor"}}
    assert announced.topics({}, TOPICS.base) == set()
    assert not Announced().recall(json.dumps(BOTH).encode().ljust(MQTT_ANNOUNCED_BYTES + 1))
