# SPDX-License-Identifier: GPL-2.0-or-later
import os
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.health.doctor.host import existing, mode_of, mount_of, running, strange_files, time_zone
from appliance.health.doctor.system import Mount
from appliance.status import write_status
from tests.health.readings import START, capture


def test_the_nearest_folder(tmp_path: Path) -> None:
    """Of a folder that is not there yet the nearest one above it is looked at."""
    assert existing(tmp_path / "a" / "b") == tmp_path
    assert existing(tmp_path) == tmp_path


def test_the_file_system_of_a_folder(tmp_path: Path) -> None:
    """The line of mountinfo with the folder's device counts, the last of them; others, and damaged ones, do not."""
    device = tmp_path.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"1 0 {number} / / rw - ext3 /dev/old rw\nbroken\n2 0 999:9 / /x rw - tmpfs none rw\n"
        f"3 0 {number} / / rw shared:1 - ext4 /dev/mmcblk0p2 rw\n4 0 {number} -\n"
    )
    assert mount_of(tmp_path, mounts) == Mount("ext4", "/dev/mmcblk0p2")
    assert mount_of(tmp_path, tmp_path / "nothing") is None
    assert mount_of(Path("/proc")) == Mount("proc", "proc")


def test_who_may_read_a_folder(tmp_path: Path) -> None:
    """The mode is the folder's; of none there is none."""
    tmp_path.chmod(0o750)
    mode = mode_of(tmp_path)
    assert mode is not None
    assert mode & 0o777 == 0o750
    assert mode_of(tmp_path / "nothing") is None


def test_files_of_somebody_else(tmp_path: Path) -> None:
    """Only those count that belong to another user than their folder does."""
    (tmp_path / "mine").touch()
    assert strange_files(tmp_path) == strange_files(tmp_path / "nothing") == []
    (tmp_path / "theirs").touch()
    try:
        os.chown(tmp_path / "theirs", 65534, -1)
    except PermissionError:
        pytest.skip("files cannot be given away without being root")
    assert strange_files(tmp_path) == ["theirs"]


def test_the_ledgers_files_are_every_services(tmp_path: Path) -> None:
    """Each service is a user of its own; only what root made there stands in their way."""
    folder, ledger = tmp_path / "state", tmp_path / "state" / "ledger"
    ledger.mkdir(parents=True)
    for name, user in (("ledger.sqlite", 65533), ("ledger.sqlite-wal", 0)):
        (ledger / name).touch()
        try:
            os.chown(ledger / name, user, -1)
            os.chown(ledger, 65534, -1)
            os.chown(folder, 65534, -1)
        except PermissionError:
            pytest.skip("files cannot be given away without being root")
    assert strange_files(folder) == ["ledger/ledger.sqlite-wal"]


def test_the_time_zone(tmp_path: Path) -> None:
    """It is what /etc/localtime points at."""
    link = tmp_path / "localtime"
    assert time_zone(link) == ""
    link.symlink_to("/usr/share/zoneinfo/Europe/Vienna")
    assert time_zone(link) == "Europe/Vienna"


def test_what_a_service_said(tmp_path: Path) -> None:
    """Its status, how old that is, and whether its process lives."""
    assert running(tmp_path, Service.CAPTURE).status is None
    write_status(tmp_path, capture(START, pid=os.getpid()))
    now = running(tmp_path, Service.CAPTURE)
    assert now.status is not None
    assert now.alive
    assert now.age < 100
