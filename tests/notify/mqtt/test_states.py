# SPDX-License-Identifier: GPL-2.0-or-later
import json
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import yaml

from appliance.diary.entries import entries
from appliance.ledger import Reader
from appliance.notify.mqtt.discovery import discovery
from appliance.notify.mqtt.states import EarStates, event, speaker_states
from appliance.notify.mqtt.topics import Topics
from appliance.settings import Paths
from appliance.speakers.inventory import Answer, Inventory, Word
from appliance.speakers.registry_file import RegistryReader
from appliance.status import HEARS, Listening

TOPICS = Topics("hut")


def listening(level: float | None, state: str = HEARS) -> Listening:
    return Listening(covered_since=0.0, covered_until=1.0, level=level, state=state)


def household(lived: Path) -> Inventory:
    registry = RegistryReader(lived / "state" / "registry.json")
    registry.changed()
    return registry.inventory


def test_each_speaker_has_its_day(lived: Path) -> None:
    """Uploads and what was unexplained of them are counted per speaker, and a problem lasts until it is answered."""
    inventory = household(lived)
    with closing(Reader(Paths(state=lived / "state").ledger)) as reader:
        today = entries(reader)
    states = {topic: json.loads(text) for topic, text in speaker_states(TOPICS, inventory, today).items()}
    assert len(states) == sum(each.watched for each in inventory.devices)
    loud = [each for each in today if each.verdict.upload and each.verdict.tell in {"alert", "urgent"}]
    assert sum(state["unexplained_today"] for state in states.values()) == len(loud) > 0
    assert {state["problem"] for state in states.values() if state["unexplained_today"]} == {"ON"}
    answers = tuple(Answer(verdict=each.key, mac=each.verdict.device or "", word=Word.SAID, time=0.0) for each in loud)
    answered = speaker_states(TOPICS, replace(inventory, answers=answers), today)
    assert {json.loads(text)["problem"] for text in answered.values()} == {"OFF"}


def test_an_event_says_what_was_judged(lived: Path) -> None:
    """It has the verdict as its type, which discovery announced, and says that it is simulated if it is."""
    with closing(Reader(Paths(state=lived / "state").ledger)) as reader:
        told = [json.loads(event(each)) for each in entries(reader)]
    mac = household(lived).devices[0].mac
    components = discovery(TOPICS, {mac: "x"}, (), None)["cmps"]
    types = next(each["evt_typ"] for each in components.values() if each["p"] == "event")
    assert {each["event_type"] for each in told} <= set(types)
    assert all(each["simulated"] for each in told)


def test_ears_say_whether_they_listen() -> None:
    """An ear that has stopped is off, and its level unknown; its name makes a topic, whatever is in it."""
    states = EarStates().of(TOPICS, {"a/b#": listening(-41.26)}, 0.0)
    assert {topic: json.loads(text) for topic, text in states.items()} == {
        "earwitness/hut/ear/a-b-": {"listens": "ON", "level": -41.3}
    }
    (gone,) = EarStates().of(TOPICS, {"a": listening(None, "unplugged")}, 0.0).values()
    assert json.loads(gone) == {"listens": "OFF", "level": None}


def test_levels_are_told_when_they_are_worth_it() -> None:
    """Not more often than each 10 s, and not while the room is as loud as it was; whether an ear hears at once."""
    states = EarStates()

    def told(level: float | None, now: float, state: str = HEARS) -> tuple[str, float | None]:
        (text,) = states.of(TOPICS, {"a": listening(level, state)}, now).values()
        said = json.loads(text)
        return said["listens"], said["level"]

    assert told(-40.0, 0.0) == ("ON", -40.0)
    assert told(-20.0, 5.0) == ("ON", -40.0), "too soon"
    assert told(-38.0, 15.0) == ("ON", -40.0), "as loud as it was"
    assert told(-30.0, 16.0) == ("ON", -30.0)
    assert told(None, 17.0, "unplugged") == ("OFF", None)
    assert told(-30.0, 18.0) == ("ON", -30.0)
    assert told(-50.0, -90_000.0) == ("ON", -50.0), "the clock was put back"
    assert EarStates().of(TOPICS, {}, 0.0) == {}


def test_their_documentation_has_the_very_fields(root: Path, lived: Path) -> None:
    """The examples in docs/mqtt.md are what is published, and the blueprint is YAML."""
    text = (root / "docs" / "mqtt.md").read_text()
    rows = dict(re.findall(r"^\| `(\S+)` \| `(\{.*\})` \|$", text, re.MULTILINE))
    with closing(Reader(Paths(state=lived / "state").ledger)) as reader:
        today = entries(reader)
    (state, *_) = speaker_states(TOPICS, household(lived), today).values()
    (ear,) = EarStates().of(TOPICS, {"a": listening(None)}, 0.0).values()
    for topic, said in (("speaker/MAC", state), ("speaker/MAC/event", event(today[0])), ("ear/NAME", ear)):
        assert json.loads(rows[topic]).keys() == json.loads(said).keys()
    (blueprint,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    yaml.add_constructor("!input", lambda _loader, node: node.value, yaml.SafeLoader)
    assert yaml.safe_load(blueprint)["blueprint"]["domain"] == "automation"
