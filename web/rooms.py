# SPDX-License-Identifier: GPL-2.0-or-later
"""The rooms of the home, with what stands in them."""

from dataclasses import dataclass

from appliance.speakers.inventory import Inventory
from appliance.speakers.registry import Registry


@dataclass(frozen=True, slots=True)
class Furnished:
    """One room: the speakers and the ears in it."""

    name: str
    speakers: tuple[str, ...]  #: their MAC addresses
    ears: tuple[str, ...]  #: their names


def rooms(inventory: Inventory) -> list[Furnished]:
    """Return every room that anybody spoke of, by name; case makes no difference, as for the judge."""
    spelt: dict[str, str] = {}
    said = [each.name for each in inventory.rooms]
    said += [each.owner.room for each in inventory.devices if each.owner.room]
    said += [each.room for each in inventory.ears if each.room]
    for name in said:
        spelt.setdefault(name.casefold(), name)
    return [_furnished(inventory, spelt[key]) for key in sorted(spelt)]


def remove(registry: Registry, name: str) -> None:
    """Drop a room; what stood in it stands nowhere then."""
    room = _furnished(registry.inventory, name)
    for mac in room.speakers:
        registry.correct(mac, {"room": None})
    for ear in room.ears:
        registry.put_ear(ear, None)
    for each in registry.inventory.rooms:
        if _same(each.name, name):
            registry.remove_room(each.name)


def _furnished(inventory: Inventory, name: str) -> Furnished:
    return Furnished(
        name,
        tuple(each.mac for each in inventory.devices if _same(each.owner.room, name)),
        tuple(each.name for each in inventory.ears if _same(each.room, name)),
    )


def _same(room: str | None, name: str) -> bool:
    return room is not None and room.casefold() == name.casefold()
