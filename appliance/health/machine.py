# SPDX-License-Identifier: GPL-2.0-or-later
"""The edge: reads status files, clocks, disk, heat and power, and has no opinion on them."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from appliance.clocks import Boot, read_clocks
from appliance.events import Service
from appliance.health.endings import read_endings
from appliance.health.installed import read_update
from appliance.health.reading import Disk, Machine, Reading
from appliance.settings import Paths
from appliance.speakers.inventory import Inventory
from appliance.status import HEARS, CaptureStatus, EarStatus, alive, read_ears, read_status

_HEAT = "class/thermal/thermal_zone*/temp"
_THROTTLED = "devices/platform/soc*/soc*:firmware/get_throttled"  # Raspberry Pi's own kernels
_UNDER_VOLTAGE_NOW, _THROTTLED_NOW = 0x1, 0x4
_MONITORS = "class/hwmon/hwmon*/name"
_BRIDGED, _BLOCKING = "class/net/*/brport/state", "4"  # linux/if_bridge.h
_PARTED = "class/net/*/brport/isolated"  # by earwitness watch-loops, while cables make a loop
_VOLTAGE_MONITOR, _ALARM = "rpi_volt", "in0_lcrit_alarm"  # drivers/hwmon/raspberrypi-hwmon.c


def read(paths: Paths, boot: Boot, inventory: Inventory, backlog: int = 0) -> Reading:
    """Read all that ``Health`` looks at; never raises, what cannot be read is not there."""
    clocks = read_clocks()
    capture = read_status(paths.run, Service.CAPTURE, CaptureStatus)
    ears = read_status(paths.run, Service.EARS, EarStatus)
    running = frozenset(status.pid for status in (capture, ears) if status and alive(status.pid))
    machine = read_machine(paths.state, clocks.wall / 1e9, synchronised=clocks.synchronised, running=running)
    told = read_ears(paths.run, boot.id)
    others = [ear for each in told if each.service != Service.EARS for ear in each.ears.items()]
    elsewhere = frozenset(name for name, _ in others)
    ailing = tuple((name, ear.state) for name, ear in others if ear.state != HEARS)
    seen = Reading(boot.id, boot.steady(clocks), machine, capture, ears, elsewhere, inventory, backlog)
    return replace(seen, ailing=ailing, endings=read_endings(paths.run, boot), update=read_update(paths.install))


def read_machine(
    state: Path, wall: float, *, synchronised: bool, running: frozenset[int] = frozenset(), sysfs: Path = Path("/sys")
) -> Machine:
    """Read the disk of the state folder, heat and power, and the ports of bridges."""
    under_voltage, throttled = _power(sysfs)
    heat, shut = _heat(sysfs), _shut(sysfs)
    return Machine(wall, synchronised, running, read_disk(state), heat, under_voltage, throttled, shut)


def read_disk(folder: Path) -> Disk | None:
    """Return the disk that a folder is on; None if there is no such folder."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    sizes = found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize
    return Disk(*sizes, read_only=bool(found.f_flag & os.ST_RDONLY))


def _heat(sysfs: Path) -> float | None:
    """Return degrees Celsius of the hottest zone; sysfs has thousandths."""
    zones = [value for path in sysfs.glob(_HEAT) if (value := _number(path)) is not None]
    return max(zones) / 1000 if zones else None


def _power(sysfs: Path) -> tuple[bool | None, bool | None]:
    """Return whether the voltage is too low, and whether the processor is slowed down.

    The firmware tells of this moment, the monitor of the last two seconds; either may be missing.
    """
    bits = next((found for path in sysfs.glob(_THROTTLED) if (found := _number(path, 16)) is not None), None)
    monitors = (path.with_name(_ALARM) for path in sysfs.glob(_MONITORS) if _text(path) == _VOLTAGE_MONITOR)
    alarms = [alarm for path in monitors if (alarm := _number(path)) is not None]
    if bits is None:
        return any(alarms) if alarms else None, None
    return bool(bits & _UNDER_VOLTAGE_NOW) or any(alarms), bool(bits & _THROTTLED_NOW)


def _shut(sysfs: Path) -> tuple[str, ...]:
    """Return the ports that their bridge keeps shut; of those that are isolated from each other the first is not."""
    blocked = sorted(path.parts[-3] for path in sysfs.glob(_BRIDGED) if _text(path) == _BLOCKING)
    parted = sorted(path.parts[-3] for path in sysfs.glob(_PARTED) if _text(path) == "1")
    return tuple(dict.fromkeys((*blocked, *parted[1:])))


def _number(path: Path, base: int = 10) -> int | None:
    with suppress(ValueError):
        return int(_text(path), base)
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
