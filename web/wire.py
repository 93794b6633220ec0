# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at what went over the wire: each a short-lived process with limits, one at a time, the last ones remembered."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread, Timer
from typing import Any

from appliance.capture import CaptureError, open_capture
from appliance.limits import WIRE_LOOKS, WIRE_PACKETS, WIRE_ROWS, WIRE_S

_PROGRAM = "appliance.evidence.wire"


class WireError(Exception):
    """Nobody can look now; says why and what to do, in words."""


@dataclass(slots=True)
class Look:
    """One look at a capture, while it goes on and afterwards."""

    packets: int  #: in the capture, as far as they are looked at
    rows: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0
    done: bool = False
    stopped: bool = False  #: it took too long or too much, and what is there is not all


class Looks:
    """All looks, by the entry that they are about; any thread may call."""

    def __init__(self) -> None:
        self._looks: OrderedDict[int, Look] = OrderedDict()
        self._lock = Lock()

    def of(self, entry: int) -> Look | None:
        """Return the look at an entry's capture; None if nobody asked for one, or it is forgotten."""
        return self._looks.get(entry)

    def begin(self, entry: int, capture: Path) -> Look:
        """Begin to look. Raises WireError if tshark is missing, another look goes on, or there is no such file."""
        if shutil.which("tshark") is None:
            raise WireError("tshark is not installed. Install it with: sudo apt install tshark")
        with self._lock:
            if any(not look.done for look in self._looks.values()):
                raise WireError("Another capture is being read. Try again when that is done.")
            look = self._looks[entry] = Look(_count(capture))
            self._looks.move_to_end(entry)
            while len(self._looks) > WIRE_LOOKS:
                self._looks.popitem(last=False)
        Thread(target=_run, args=(look, capture), name="wire", daemon=True).start()
        return look


def tshark() -> bool:
    """Say whether there is a program to look with."""
    return shutil.which("tshark") is not None


def _count(capture: Path) -> int:
    try:
        with open_capture(capture) as opened:
            return min(WIRE_PACKETS, sum(len(packets.time) for packets in opened))
    except (CaptureError, OSError) as error:
        raise WireError(f"The capture cannot be read: {error}") from None


def _run(look: Look, capture: Path) -> None:
    command = [sys.executable, "-m", _PROGRAM, str(capture)]
    try:
        with subprocess.Popen(  # noqa: S603 - our own program, and a path of our own shelf
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        ) as child:
            clock = Timer(WIRE_S, _end, (child,))
            clock.start()
            try:
                _read(look, child)
            finally:
                clock.cancel()
        look.stopped = child.returncode != 0
    except OSError:
        look.stopped = True
    finally:
        look.done = True


def _read(look: Look, child: "subprocess.Popen[bytes]") -> None:
    assert child.stdout is not None  # noqa: S101 - for the type checker: it was asked for
    for line in child.stdout:
        with suppress(ValueError):
            row = json.loads(line)
            look.seen += 1
            if len(look.rows) < WIRE_ROWS:
                look.rows.append(row)
    child.wait()


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End the child with all that it started; tshark is one of them."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
