# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.health.reading import Disk
from appliance.health.storage import storage
from appliance.limits import DISK_FREE_BYTES
from tests.health.readings import START, kinds, machine, reading


def told(disk: Disk | None, backlog: int = 0) -> list[str]:
    return kinds(storage(reading(START, machine=machine(START, disk=disk), backlog=backlog)))


def test_a_disk_with_room() -> None:
    """Room, and a disk of which nothing is known, are no trouble."""
    assert told(Disk(DISK_FREE_BYTES, 10**10, read_only=False)) == []
    assert told(None) == []


def test_a_disk_without() -> None:
    """Too little room, a disk that can only be read, and facts that wait are each a trouble."""
    assert told(Disk(DISK_FREE_BYTES - 1, 10**10, read_only=False)) == ["disk-full"]
    assert told(Disk(10**9, 10**10, read_only=True)) == ["disk-read-only"]
    assert told(None, backlog=3) == ["ledger-unwritten"]
