# SPDX-License-Identifier: GPL-2.0-or-later
"""The edge: reads of this machine what the remarks on it need."""

import os
import time
from pathlib import Path

from appliance.events import Service
from appliance.health.doctor.system import Mount, Running
from appliance.status import CaptureStatus, EarStatus, HubStatus, Status, alive, read_status

_KINDS: dict[Service, type[Status]] = {
    Service.CAPTURE: CaptureStatus,
    Service.EARS: EarStatus,
    Service.HUB: HubStatus,
}


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that there is."""
    return next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))


def mount_of(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> Mount | None:
    """Return the file system that a folder is on (proc_pid_mountinfo(5)); None where that cannot be told."""
    try:
        device = folder.stat().st_dev
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    number = f"{os.major(device)}:{os.minor(device)}"
    found = None
    for line in lines:
        before, _, after = line.partition(" - ")
        place, what = before.split(), after.split()
        if len(place) > 4 and len(what) > 1 and place[2] == number:
            found = Mount(what[0], what[1])
    return found


def mode_of(folder: Path) -> int | None:
    """Return the mode of a folder; None if there is none that we may see."""
    try:
        return folder.stat().st_mode
    except OSError:
        return None


def strange_files(folder: Path) -> list[str]:
    """Return the files in a state folder that belong to somebody else than it does; the ledger's, if they are root's.

    The services are users of one group, and each may have made the files that SQLite keeps beside the ledger.
    """
    owner = _owner(folder)
    roots = [path for path in _files(folder / "ledger") if _owner(path) == 0 != owner]
    strange = [path for path in _files(folder) if _owner(path) != owner]
    return sorted(str(path.relative_to(folder)) for path in (*strange, *roots))


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _owner(path: Path) -> int | None:
    try:
        return path.lstat().st_uid
    except OSError:
        return None


def time_zone(localtime: Path = Path("/etc/localtime")) -> str:
    """Return the name of the time zone that this machine is set to; empty if nobody chose one."""
    _, _, name = str(localtime.resolve()).partition("/zoneinfo/")
    return name


def running(run: Path, service: Service) -> Running:
    """Return what a service said last, by its status file, and how long ago."""
    status = read_status(run, service, _KINDS[service])
    if status is None:
        return Running(service, None)
    try:
        age = time.time() - (run / f"{service}.json").stat().st_mtime
    except OSError:
        return Running(service, None)
    return Running(service, status, max(age, 0.0), alive(status.pid))
