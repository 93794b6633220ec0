# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.health.doctor.remark import Level
from appliance.health.doctor.system import Mount, Running, clock, disk, folder, heat_and_power, service, update
from appliance.health.reading import Disk, LastUpdate
from appliance.limits import UPDATE_TOLD_S
from tests.health.readings import START, capture, machine

STATE = Path("/var/lib/earwitness")


def test_the_clock() -> None:
    """A clock that nobody keeps is a warning; UTC is told, but may be right."""
    assert [each.level for each in clock(machine(START), "Europe/Vienna")] == [Level.OK]
    assert [each.level for each in clock(machine(START, synchronised=False), "")] == [Level.WARNING, Level.OK]


@pytest.mark.parametrize(
    ("kind", "free", "level"),
    [
        ("ext4", 10**10, Level.OK),
        ("ext4", 10**6, Level.PROBLEM),
        ("tmpfs", 10**10, Level.PROBLEM),
        ("overlay", 10**10, Level.WARNING),
        ("nfs4", 10**10, Level.PROBLEM),
    ],
)
def test_the_disk(kind: str, free: int, level: Level) -> None:
    """Facts need room on a disk of this machine that keeps them."""
    now = machine(START, disk=Disk(free, 2 * 10**10, read_only=False))
    (remark,) = disk(now, Mount(kind, "/dev/mmcblk0p2"), STATE)
    assert remark.level is level


def test_no_disk() -> None:
    """Of a disk of which nothing is known nothing is said."""
    assert list(disk(machine(START, disk=None), None, STATE)) == []


@pytest.mark.parametrize(
    ("mode", "level"), [(None, Level.OK), (0o40700, Level.OK), (0o40750, Level.OK), (0o40755, Level.WARNING)]
)
def test_the_folder(mode: int | None, level: Level) -> None:
    """The folder is nobody else's business."""
    assert folder(STATE, mode).level is level


def test_files_of_somebody_else() -> None:
    """A service that root started by hand leaves files that the real one cannot write: some of them are named."""
    remark = folder(STATE, 0o40700, ["ledger.sqlite", *"123456"])
    assert remark.level is Level.PROBLEM
    assert remark.seen.endswith("owner: ledger.sqlite, 1, 2, 3, 4.")


def test_heat_and_power() -> None:
    """What is wrong is a warning; otherwise it says how warm it is, if it can."""
    assert [each.level for each in heat_and_power(machine(START, celsius=90.0))] == [Level.WARNING]
    assert [each.level for each in heat_and_power(machine(START, celsius=50.0))] == [Level.OK]
    assert list(heat_and_power(machine(START))) == []


@pytest.mark.parametrize(
    ("running", "levels"),
    [
        (Running(Service.CAPTURE, None), [Level.WARNING]),
        (Running(Service.CAPTURE, capture(START), 1.0, alive=True), [Level.OK]),
        (Running(Service.CAPTURE, capture(START), 1.0, alive=False), [Level.PROBLEM]),
        (Running(Service.CAPTURE, capture(START), 100.0, alive=True), [Level.PROBLEM]),
        (Running(Service.CAPTURE, capture(START, lost=5), 1.0, alive=True), [Level.OK, Level.WARNING]),
    ],
)
def test_services(running: Running, levels: list[Level]) -> None:
    """A service that never ran, runs, died, stands still, or loses frames."""
    assert [each.level for each in service(running)] == levels


@pytest.mark.parametrize(
    ("state", "levels"), [("done", []), ("refused", []), ("back", [Level.WARNING]), ("broken-off", [Level.WARNING])]
)
def test_an_update(state: str, levels: list[Level]) -> None:
    """One that was not done is a warning, for some days."""
    last = LastUpdate.model_validate({"time": START, "from": "0.1.0", "to": "0.2.0", "state": state})
    assert [each.level for each in update(last, START + 60)] == levels
    assert list(update(last, START + UPDATE_TOLD_S + 1)) == list(update(None, START)) == []
