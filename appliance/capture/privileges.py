# SPDX-License-Identifier: GPL-2.0-or-later
"""Rights given back, for good: what parses hostile packets shall be able to do nothing else (capabilities(7))."""

import ctypes
import os
from pathlib import Path
from struct import pack

_NO_NEW_PRIVILEGES, _BOUNDING_READ, _BOUNDING_DROP, _AMBIENT, _AMBIENT_CLEAR = 38, 23, 24, 47, 4
_VERSION_3 = 0x20080522
_SETPCAP = 8
_GIVEN_BACK = ("CapInh", "CapPrm", "CapEff", "CapAmb")
_libc = ctypes.CDLL(None, use_errno=True)


class PrivilegesError(Exception):
    """Rights that could not be given back."""


def drop_capabilities() -> None:
    """Leave this process no capability, nor any way to one: not by a set-uid program, not by being root.

    Call it once the sockets are open and before any thread starts, since each thread has rights of its own; those of
    libraries count too (OPENBLAS_NUM_THREADS=1 keeps numpy from starting some). Only a process that has CAP_SETPCAP
    can empty the bounding set; for others no new privileges mean the same. Raises PrivilegesError if a right is left.
    """
    _prctl(_NO_NEW_PRIVILEGES, 1)
    _prctl(_AMBIENT, _AMBIENT_CLEAR)
    if _effective() >> _SETPCAP & 1:
        for capability in _known():
            _prctl(_BOUNDING_DROP, capability)
    header, data = pack("Ii", _VERSION_3, 0), bytes(24)
    _checked(_libc.capset(header, data), "capset")
    _check_threads()


def _known() -> list[int]:
    """Return the capabilities that this kernel knows."""
    known: list[int] = []
    while _libc.prctl(_BOUNDING_READ, len(known), 0, 0, 0) >= 0:
        known.append(len(known))
    return known


def _effective() -> int:
    return int(_status(Path("/proc/thread-self"))["CapEff"], 16)


def _check_threads() -> None:
    """Raise PrivilegesError if any thread of the process still has a capability."""
    for task in Path("/proc/self/task").iterdir():
        status = _status(task)
        if any(int(status[name], 16) for name in _GIVEN_BACK):
            raise PrivilegesError(f"a thread that was started before keeps its rights: {status['Name']} ({task.name})")


def _status(task: Path) -> dict[str, str]:
    lines = (task / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _prctl(option: int, argument: int) -> None:
    _checked(_libc.prctl(option, argument, 0, 0, 0), f"prctl {option}")


def _checked(result: int, call: str) -> None:
    if result < 0:
        raise PrivilegesError(f"{call}: {os.strerror(ctypes.get_errno())}")
