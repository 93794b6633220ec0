# SPDX-License-Identifier: GPL-2.0-or-later
"""What is true of the house now, topic by topic."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from appliance.diary.entries import Entry
from appliance.events import Tell
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


def ear_states(topics: Topics, ears: dict[str, Listening]) -> dict[str, str]:
    """Return each ear's state."""
    return {topics.ear(name): _json(_ear(each)) for name, each in ears.items()}


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


def _ear(ear: Listening) -> dict[str, object]:
    level = None if ear.level is None else round(ear.level, 1)
    return {"listens": "ON" if ear.state == HEARS else "OFF", "level": level}


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")


def _json(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
