# SPDX-License-Identifier: GPL-2.0-or-later
import json

from hypothesis import given
from hypothesis import strategies as st

from appliance.notify.mqtt.discovery import discovery, discovery_topic
from appliance.notify.mqtt.topics import Topics
from tests.notify.making import KITCHEN

TOPICS = Topics("hut")


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=20), max_size=3, unique=True).map(tuple))
def test_names_are_only_text(name: str, ears: tuple[str, ...]) -> None:
    """Whatever a speaker or an ear is called, the message is JSON, and no name gets into a template or a topic."""
    said = discovery(TOPICS, {KITCHEN: name}, ears, None)
    assert json.loads(json.dumps(said)) == said
    for component in said["cmps"].values():
        assert component.get("val_tpl", "").count("{{") <= 1
        assert "+" not in component["stat_t"]
        assert "#" not in component["stat_t"]


def test_every_state_has_its_entities() -> None:
    """A speaker has six entities, an ear two, and there is the switch."""
    assert len(discovery(TOPICS, {KITCHEN: "x"}, ("mic",), "http://e")["cmps"]) == 9
    assert discovery(TOPICS, {}, (), "http://e")["dev"]["cu"] == "http://e"
    assert discovery_topic(TOPICS, "ha") == "ha/device/earwitness-hut/config"


def test_a_name_is_one_step_of_a_topic() -> None:
    """Whatever an ear is called, its topic has nothing that leads elsewhere or that brokers hang up for."""
    assert Topics("hut").ear("a/b+c#d\0e\nf\udc00g \u00fc") == "earwitness/hut/ear/a-b-c-d-e-f-g \u00fc"
