# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.speakers.registry import Registry
from web.rooms import Furnished, remove, rooms

ECHO = "00:11:22:33:44:55"


def furnished(tmp_path: Path) -> Registry:
    registry = Registry(tmp_path / "registry.json", 0.0)
    registry.put_room("Kitchen")
    registry.put_room("Attic")
    registry.correct(ECHO, {"room": "kitchen", "status": "confirmed"})
    registry.put_ear("mic", "KITCHEN")
    registry.put_ear("other", "hall")
    return registry


def test_every_room_that_anybody_spoke_of_is_there_once(tmp_path: Path) -> None:
    """However it is spelt, and whether it was made or only named by what stands in it."""
    assert rooms(furnished(tmp_path).inventory) == [
        Furnished("Attic", (), ()),
        Furnished("hall", (), ("other",)),
        Furnished("Kitchen", (ECHO,), ("mic",)),
    ]


def test_what_stood_in_a_room_that_is_gone_stands_nowhere(tmp_path: Path) -> None:
    """No speaker or ear keeps a room that nobody can choose; everything else that was said of them stays."""
    registry = furnished(tmp_path)
    remove(registry, "kitchen")
    assert [each.name for each in rooms(registry.inventory)] == ["Attic", "hall"]
    (speaker,) = registry.inventory.devices
    assert (speaker.owner.room, speaker.owner.status) == (None, "confirmed")
    assert {each.name: each.room for each in registry.inventory.ears} == {"mic": None, "other": "hall"}
