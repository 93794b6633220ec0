# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine apart from its network: clock, disk, folder, heat and power, and whether the services run."""

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from appliance.events import Service
from appliance.health.doctor.remark import Level, Remark, remark_on
from appliance.health.installed import update_troubles
from appliance.health.power import power
from appliance.health.reading import LastUpdate, Machine
from appliance.health.storage import disk_troubles
from appliance.limits import STATUS_STALE_S
from appliance.report.words import counted, seconds, size
from appliance.status import CaptureStatus, Status

_FORGETFUL = {"tmpfs", "ramfs"}
_LAYERED = "overlay"
_NAMED = 5  # files; one is enough to see what happened
_FAR = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs"}


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system, and where it comes from."""

    kind: str  #: "ext4"
    source: str  #: "/dev/mmcblk0p2"


@dataclass(frozen=True, slots=True)
class Running:
    """What a service said of itself last."""

    service: Service
    status: Status | None
    age: float = 0.0  #: seconds
    alive: bool = False


def clock(machine: Machine, zone: str) -> Iterator[Remark]:
    """Yield what is to say of the clock and the time zone (its name; empty if nobody chose one)."""
    if machine.synchronised:
        yield Remark(Level.OK, "clock", f"A time server keeps the clock; the time zone is {zone or 'UTC'}.")
    else:
        yield Remark(
            Level.WARNING,
            "clock",
            f"No time server keeps the clock; the time zone is {zone or 'UTC'}.",
            "The times shown may be wrong; their order is right.",
            "timedatectl set-ntp true, and check that this machine reaches the internet.",
        )
    if zone in {"", "UTC", "Etc/UTC"}:
        yield Remark(
            Level.OK,
            "clock",
            "Times are shown in UTC.",
            remedy="If you live elsewhere: timedatectl set-timezone REGION/CITY",
        )


def disk(machine: Machine, mount: Mount | None, state: Path) -> Iterator[Remark]:
    """Yield what is to say of the disk that facts are kept on."""
    if machine.disk is None or mount is None:
        return
    troubles = list(disk_troubles(machine.disk))
    yield from (remark_on("disk", Level.PROBLEM, trouble) for trouble in troubles)
    where = f"{state} is on {mount.source} ({mount.kind})"
    if mount.kind in _FORGETFUL:
        yield Remark(
            Level.PROBLEM,
            "disk",
            f"{where}, which is in memory.",
            "With each start of the machine all facts are gone.",
            "Let paths.state in the settings name a folder on a disk or card.",
        )
    elif mount.kind in _FAR:
        yield Remark(
            Level.PROBLEM,
            "disk",
            f"{where}, which is another machine's.",
            "The ledger needs a disk of its own: over the network it may be damaged.",
            "Let paths.state in the settings name a folder on this machine, and copy backups to the other one.",
        )
    elif mount.kind == _LAYERED:
        yield Remark(
            Level.WARNING,
            "disk",
            f"{where}: a layer above another file system, often one in memory.",
            "If it is in memory, all facts are gone with each start of the machine.",
            "Let paths.state in the settings name a folder that is kept.",
        )
    elif not troubles:
        yield Remark(Level.OK, "disk", f"{where}; {size(machine.disk.free)} of {size(machine.disk.size)} are free.")


def folder(state: Path, mode: int | None, strange: Sequence[str] = ()) -> Remark:
    """Say who may read the state folder, by its mode (None: there is none), and which files are not its owner's."""
    if mode is None:
        begins = "It is made when the services start for the first time."
        return Remark(Level.OK, "folder", f"{state} is not there yet. {begins}")
    if strange:
        return Remark(
            Level.PROBLEM,
            "folder",
            f"In {state} there are files that do not belong to the folder's owner: {', '.join(strange[:_NAMED])}.",
            "The services cannot write to them. That is so when a service was started by hand, as root.",
            f"chown -R --reference={state} {state} && chmod -R g+rw {state}/ledger",
        )
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        return Remark(
            Level.WARNING,
            "folder",
            f"{state} is open to others on this machine (mode {mode & 0o777:03o}).",
            "It tells when somebody was at home and spoke.",
            f"chmod g-w,o-rwx {state}",
        )
    return Remark(Level.OK, "folder", f"{state} is closed to others.")


def heat_and_power(machine: Machine) -> Iterator[Remark]:
    """Yield what is wrong with heat and power, or how warm it is."""
    troubles = [remark_on("power", Level.WARNING, trouble) for trouble in power(machine)]
    yield from troubles
    if not troubles and machine.celsius is not None:
        yield Remark(Level.OK, "power", f"The processor is at {machine.celsius:.0f} °C.")


def update(last: LastUpdate | None, wall: float) -> Iterator[Remark]:
    """Yield that an update was not done, for some days."""
    yield from (remark_on("update", Level.WARNING, trouble) for trouble in update_troubles(last, wall))


def service(running: Running) -> Iterator[Remark]:
    """Yield whether a service runs, and what it says of itself."""
    name, status = f"earwitness-{running.service}", running.status
    if status is None:
        yield Remark(
            Level.WARNING,
            "services",
            f"{name} does not run: it has not said anything since this machine started.",
            "Nothing is watched or judged without it.",
            f"systemctl enable --now {name}",
        )
    elif not running.alive or running.age > STATUS_STALE_S:
        yield Remark(
            Level.PROBLEM,
            "services",
            f"{name} ran, and said nothing for {seconds(running.age)}.",
            "Nothing is watched or judged without it.",
            f"systemctl status {name}; journalctl -u {name}",
        )
    else:
        yield Remark(Level.OK, "services", f"{name} runs: {status.state}.")
        if isinstance(status, CaptureStatus) and status.lost:
            share = f"{counted(status.lost, 'frame')} of {status.packets + status.lost:,}"
            yield Remark(
                Level.WARNING,
                "losses",
                f"{name} has lost {share} since it started.",
                "Uploads may have been missed; verdicts near a loss say so.",
                "If it goes on: end other programs here, or set watch to speakers in the settings.",
            )
