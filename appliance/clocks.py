# SPDX-License-Identifier: GPL-2.0-or-later
"""The clocks of this machine, and the steady time that facts of one boot carry.

Steady time is CLOCK_BOOTTIME, which nobody can set, plus what was to be added to have the wall clock's time when the
first service of this boot started.
"""

import ctypes
import fcntl
import json
import os
import time
from pathlib import Path
from struct import unpack_from
from typing import NamedTuple

from appliance.limits import CLOCK_READINGS

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIMEX_BYTES, _STATUS_AT, _UNSYNCHRONISED = 512, 40, 0x40  # struct timex of linux/timex.h; it has 208 bytes
_libc = ctypes.CDLL(None)


class Reading(NamedTuple):
    """What the clocks show at one moment, in nanoseconds."""

    wall: int  #: CLOCK_REALTIME, since the epoch
    boot: int  #: CLOCK_BOOTTIME
    synchronised: bool  #: a time server keeps the wall clock right


class Boot(NamedTuple):
    """One run of the machine."""

    id: str  #: the kernel's name for it
    anchor: int  #: nanoseconds: steady time less CLOCK_BOOTTIME

    def steady(self, reading: Reading) -> float:
        """Return the steady time of a reading, in seconds."""
        return (reading.boot + self.anchor) / 1e9


def read_clocks() -> Reading:
    """Read the clocks at one moment, as nearly as can be: of some readings the one that took the least time."""
    return Reading(*min(_both() for _ in range(CLOCK_READINGS))[1:], synchronised())


def _both() -> tuple[int, int, int]:
    """Return how long it took to read both clocks, and what they showed."""
    before = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    wall = time.clock_gettime_ns(time.CLOCK_REALTIME)
    took = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - before
    return took, wall, before + took // 2


def synchronised() -> bool:
    """Say whether a time server told the kernel that the wall clock is right; False where one may not ask."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    if _libc.adjtimex(timex) < 0:
        return False
    (status,) = unpack_from("i", timex, _STATUS_AT)
    return not status & _UNSYNCHRONISED


def boot_id() -> str:
    """Return the kernel's name for this run of the machine."""
    return _BOOT_ID.read_text(encoding="ascii").strip()


def this_boot(folder: Path) -> Boot:
    """Return this boot, as the first service that asks writes it to ``folder``/clock.json. Raises OSError.

    However many ask at once, and whenever one is killed, all get the same answer until the machine starts again.
    """
    here = boot_id()
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        return _written(folder / "clock.json", here) or _write(folder / "clock.json", here)
    finally:
        os.close(place)


def _written(path: Path, here: str) -> Boot | None:
    """Return what was written in this boot."""
    try:
        boot = Boot(**json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return boot if boot.id == here and isinstance(boot.anchor, int) else None


def _write(path: Path, here: str) -> Boot:
    reading = read_clocks()
    boot = Boot(here, reading.wall - reading.boot)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(boot._asdict()), encoding="ascii")
    fresh.replace(path)
    return boot
