# SPDX-License-Identifier: GPL-2.0-or-later
"""What the registry notes of a device that was seen, and whether it is news."""

from appliance.events import Device
from appliance.limits import DEVICE_EVIDENCE_SHOWN, REGISTRY_EVIDENCE_CHARACTERS, REGISTRY_SEEN_S, SIGHTING_CHARS
from appliance.speakers.inventory import MAC, Entry, Found
from appliance.speakers.vendor import LOCALLY_ADMINISTERED


def noted(device: Device, known: Entry | None, now: float) -> Entry | None:
    """Return the device's entry, if there is news of it and it may be noted."""
    if known is None and not _notable(device):
        return None
    before = known.found if known else None
    found = _found(device, before, now)
    if before and now - before.last_seen < REGISTRY_SEEN_S and found == before.model_copy(update={"last_seen": now}):
        return None
    if known:
        return known.model_copy(update={"found": found})
    return Entry(mac=device.device, found=found)


def _notable(device: Device) -> bool:
    if not MAC.fullmatch(device.device):
        return False
    made_up = int(device.device[:2], 16) & LOCALLY_ADMINISTERED
    return device.speaker is not None or not made_up


def _found(device: Device, before: Found | None, now: float) -> Found:
    """Return what is known of a device now: after a restart it is recognised anew, and until then as it was."""
    first = before.first_seen if before else now
    known = before and before.speaker and device.speaker in (None, before.speaker)
    if before and known and device.confidence < before.confidence:
        return before.model_copy(update={"last_seen": now, "name": _short(device.name) or before.name})
    return Found(
        speaker=device.speaker,
        vendor=_short(device.vendor),
        model=_short(device.model),
        name=_short(device.name) or (before.name if before else None),
        confidence=device.confidence,
        by=tuple(reason[:REGISTRY_EVIDENCE_CHARACTERS] for reason in device.by[:DEVICE_EVIDENCE_SHOWN]),
        first_seen=first,
        last_seen=now,
    )


def _short(text: str | None) -> str | None:
    return text and text[:SIGHTING_CHARS]
