# SPDX-License-Identifier: GPL-2.0-or-later
"""What Home Assistant was told that there is, and what of it is gone: a component is removed by naming it once more.

The broker keeps the message for us: who connects reads there what an earlier run of this service announced.
https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from appliance.limits import MQTT_ANNOUNCED_BYTES, MQTT_COMPONENTS

_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
_PLATFORMS = {"binary_sensor", "event", "sensor", "switch"}


class Announced:
    """The components of one device, as they were announced last; those that are gone are named till the end."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str]] = {}  # platform and state's topic, by key

    def recall(self, payload: bytes | bytearray) -> bool:
        """Take a message that the broker kept, or nothing of what is none of ours; say whether any of it is new."""
        if len(payload) > MQTT_ANNOUNCED_BYTES:
            return False
        try:
            components = json.loads(payload)["cmps"]
            found = {str(key): (each["p"], each["stat_t"]) for key, each in components.items() if len(each) > 1}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return False
        ours = {
            key: (platform, topic)
            for key, (platform, topic) in list(found.items())[:MQTT_COMPONENTS]
            if _KEY.fullmatch(key) and platform in _PLATFORMS and isinstance(topic, str)
        }
        news = ours.keys() - self._known.keys()
        self._known = ours | self._known
        return bool(news)

    def gone(self, components: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
        """Return what says that they are gone, of all that were announced and are not among ``components``, by key."""
        return {key: {"p": platform} for key, (platform, _) in self._known.items() if key not in components}

    def topics(self, components: Mapping[str, Mapping[str, Any]], base: str) -> set[str]:
        """Return the topics below ``base`` of those that are gone, at which the broker keeps states of theirs."""
        there = {each["stat_t"] for each in components.values()}
        past = {topic for key, (_, topic) in self._known.items() if key not in components}
        return {topic for topic in past - there if topic.startswith(f"{base}/") and not topic.endswith("/event")}

    def note(self, components: Mapping[str, Mapping[str, Any]]) -> None:
        """Note what is announced now."""
        self._known |= {key: (each["p"], each["stat_t"]) for key, each in components.items()}
