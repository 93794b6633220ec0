# SPDX-License-Identifier: GPL-2.0-or-later
"""A change of the network that waits for somebody to say that it is well, as root's side notes it; and how it went."""

import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appliance.clocks import this_boot
from appliance.limits import CHANGE_BYTES
from appliance.settings import Paths


class _Mark(BaseModel):
    """What ``earwitness place`` leaves for others to see (appliance/placing/record.py)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    placement: str = Field(max_length=40)
    until: float  #: CLOCK_BOOTTIME, in s
    boot: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change that goes back by itself."""

    placement: str
    left: float  #: seconds until then


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the last placing from the page went."""

    state: str  #: "running", "success", or systemd's word for how it failed
    words: str  #: what it said


def waiting_change(paths: Paths) -> Change | None:
    """Return the change that waits; None if none does, or if it is on its way back already."""
    raw = _read(paths.install / "unconfirmed")
    if raw is None:
        return None
    try:
        mark = _Mark.model_validate_json(raw)
        boot = this_boot(paths.run).id
    except (OSError, ValidationError):
        return None
    left = mark.until - time.clock_gettime(time.CLOCK_BOOTTIME)
    return Change(mark.placement, left) if mark.boot == boot and left > 0 else None


def last_attempt(paths: Paths) -> Attempt | None:
    """Return how the last placing from the page went since the machine started; None if there was none."""
    state, said = _read(paths.placed / "result"), _read(paths.placed / "said")
    if state is None:
        return None
    words = (said or b"").decode(errors="replace").strip()
    return Attempt(state.decode(errors="replace").strip(), "".join(filter(_plain, words)))


def _plain(character: str) -> bool:
    return character.isprintable() or character == "\n"


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(CHANGE_BYTES)
    except OSError:
        return None
