# SPDX-License-Identifier: GPL-2.0-or-later
"""What Home Assistant is told of the appliance: one device with all its entities, in one retained message.

https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

import re
from collections.abc import Mapping
from typing import Any, get_args

from appliance import __version__
from appliance.notify.mqtt.topics import Topics
from appliance.rules.verdicts import VerdictName

Component = dict[str, Any]


def discovery_topic(topics: Topics, prefix: str) -> str:
    """Return where the message goes; ``prefix`` is Home Assistant's own, ``homeassistant`` unless it was changed."""
    return f"{prefix}/device/earwitness-{topics.node}/config"


def discovery(topics: Topics, speakers: Mapping[str, str], ears: tuple[str, ...], home: str | None) -> dict[str, Any]:
    """Return the message; ``speakers`` are names by MAC address, ``home`` is the dashboard's address."""
    components: dict[str, Component] = {"pause": _pause(topics)}
    for mac, name in speakers.items():
        components |= _speaker(topics, mac, name)
    for ear in ears:
        components |= _ear(topics, ear)
    node = f"earwitness-{topics.node}"
    device = {"ids": [node], "name": "Earwitness", "mf": "Earwitness", "sw": __version__}
    return {
        "dev": device | ({"cu": home} if home else {}),
        "o": {"name": "Earwitness", "sw": __version__},
        "avty_t": topics.status,
        "qos": 1,
        "cmps": {key: {"uniq_id": f"{node}-{key}"} | each for key, each in components.items()},
    }


def _pause(topics: Topics) -> Component:
    switch = {"p": "switch", "name": "Pause alerts", "ic": "mdi:bell-sleep"}
    return switch | {"stat_t": topics.pause, "cmd_t": topics.pause_set}


def _speaker(topics: Topics, mac: str, name: str) -> dict[str, Component]:
    state, key = topics.speaker(mac), mac.replace(":", "")

    def sensor(field: str, label: str, **more: object) -> Component:
        value = f"{{{{ value_json.{field} }}}}"
        return {"p": "sensor", "name": f"{name} {label}", "stat_t": state, "val_tpl": value, **more}

    problem = sensor("problem", "unexplained upload", dev_cla="problem") | {"p": "binary_sensor"}
    return {
        f"{key}-problem": problem,
        f"{key}-last": sensor("last_upload", "last upload", dev_cla="timestamp"),
        f"{key}-uploads": sensor("uploads_today", "uploads today", stat_cla="total"),
        f"{key}-unexplained": sensor("unexplained_today", "unexplained today", stat_cla="total"),
        f"{key}-sent": sensor("bytes_today", "sent today", dev_cla="data_size", unit_of_meas="B", stat_cla="total"),
        f"{key}-event": {
            "p": "event",
            "name": f"{name} upload",
            "stat_t": topics.event(mac),
            "evt_typ": list(get_args(VerdictName)),
        },
    }


def _ear(topics: Topics, ear: str) -> dict[str, Component]:
    state, key = topics.ear(ear), "ear-" + re.sub(r"[^a-zA-Z0-9_-]", "-", ear)
    listening = {"p": "binary_sensor", "name": f"{ear} listens", "stat_t": state, "dev_cla": "connectivity"}
    level = {"p": "sensor", "name": f"{ear} level", "stat_t": state, "unit_of_meas": "dB", "dev_cla": "sound_pressure"}
    return {
        f"{key}-listens": listening | {"val_tpl": "{{ value_json.listens }}"},
        f"{key}-level": level | {"val_tpl": "{{ value_json.level }}"},
    }
