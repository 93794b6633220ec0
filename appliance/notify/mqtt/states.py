# SPDX-License-Identifier: GPL-2.0-or-later
"""What is true of the house now, topic by topic."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from appliance.diary.entries import Entry
from appliance.events import Tell
from appliance.limits import MQTT_LEVEL_DB, MQTT_LEVEL_S
from appliance.notify.mqtt.topics import Topics
from appliance.speakers.inventory import Inventory
from appliance.status import HEARS, Listening

_LOUD = {Tell.ALERT, Tell.URGENT}


def speaker_states(topics: Topics, inventory: Inventory, today: Iterable[Entry]) -> dict[str, str]:
    """Return each speaker's state, of the verdicts of the day."""
    entries: dict[str, list[Entry]] = {each.mac: [] for each in inventory.devices if each.watched}
    for entry in today:
        if entry.verdict.device in entries and entry.verdict.upload:
            entries[entry.verdict.device].append(entry)
    return {topics.speaker(mac): _json(_speaker(told, inventory)) for mac, told in entries.items()}


class _Told(NamedTuple):
    """What was told of an ear."""

    at: float  #: wall-clock seconds
    state: str
    level: float | None

    def still_holds(self, ear: Listening, now: float) -> bool:
        """Whether there is nothing worth telling: it hears as it did, as loud as it did, or was told of just now."""
        if self.state != ear.state:
            return False
        if self.level is None or ear.level is None:
            return self.level is ear.level
        return abs(self.level - ear.level) < MQTT_LEVEL_DB or abs(now - self.at) < MQTT_LEVEL_S


class EarStates:
    """Each ear's state; its level as it was told, until it has changed by something worth telling."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def of(self, topics: Topics, ears: Mapping[str, Listening], now: float) -> dict[str, str]:
        """Return the states at wall-clock time ``now``, topic by topic."""
        before = self._told
        self._told = {
            name: before[name]
            if name in before and before[name].still_holds(ear, now)
            else _Told(now, ear.state, ear.level)
            for name, ear in ears.items()
        }
        return {topics.ear(name): _json(_ear(told)) for name, told in self._told.items()}


def event(entry: Entry) -> str:
    """Return a verdict as an event."""
    verdict, upload = entry.verdict, entry.verdict.upload
    return _json(
        {
            "event_type": verdict.verdict,
            "id": entry.id,
            "time": _iso(entry.time),
            "final": verdict.final,
            "tell": verdict.tell.value,
            "confidence": round(verdict.confidence, 3),
            "bytes_up": upload.bytes_up if upload else 0,
            "simulated": entry.simulated,
        }
    )


def _speaker(told: list[Entry], inventory: Inventory) -> dict[str, object]:
    answered = {each.verdict for each in inventory.answers}
    loud = [each for each in told if each.verdict.tell in _LOUD]
    uploads = [each.verdict.upload for each in told if each.verdict.upload]
    return {
        "problem": "ON" if any(each.key not in answered for each in loud) else "OFF",
        "last_upload": _iso(max(each.time for each in told)) if told else None,
        "uploads_today": len(told),
        "unexplained_today": len(loud),
        "bytes_today": sum(upload.bytes_up for upload in uploads),
    }


def _ear(told: _Told) -> dict[str, object]:
    level = None if told.level is None else round(told.level, 1)
    return {"listens": "ON" if told.state == HEARS else "OFF", "level": level}


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")


def _json(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
