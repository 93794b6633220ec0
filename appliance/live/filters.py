# SPDX-License-Identifier: GPL-2.0-or-later
"""Which frames the kernel lets in, as the household is known at this moment."""

from collections.abc import Iterable

from appliance.capture.assembler import Program
from appliance.capture.bpf import Watched, everything, house
from appliance.events import Device
from appliance.limits import EVIDENCE_SPEAKERS, LEARNING_S, WATCH_ALL_BYTES
from appliance.settings import Watch
from appliance.speakers.inventory import MAC, Entry, Inventory, Status


def watched(inventory: Inventory, devices: Iterable[Device], wall: float) -> Watched:
    """Return whom to watch: who is a speaker by the registry or by what was just seen, and who is surely none."""
    ignored = {each.mac for each in inventory.devices if each.owner.status is Status.IGNORED}
    found = (device.device for device in devices if device.speaker and device.device not in ignored)
    speakers = inventory.watched() | {int(mac.replace(":", ""), 16) for mac in found if MAC.fullmatch(mac)}
    return Watched(frozenset(speakers), inventory.learnt(wall - LEARNING_S))


def foremost(inventory: Inventory, speakers: frozenset[int]) -> list[int]:
    """Return those of the speakers that there is evidence of: a flood of others shall not leave them without room."""
    known = [each.number for each in sorted(inventory.devices, key=Entry.standing, reverse=True)]
    ours = [number for number in known if number in speakers]
    return [*ours, *speakers.difference(ours)][:EVIDENCE_SPEAKERS]


def program(watch: Watch, whom: Watched) -> Program:
    """Return the filter."""
    return everything(WATCH_ALL_BYTES) if watch is Watch.EVERYTHING else house(whom)
