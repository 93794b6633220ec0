# SPDX-License-Identifier: GPL-2.0-or-later
"""A change of the network that waits for somebody to say that it is well, as root's side notes it; and how it went.

One that went back by itself is told until an owner says that they have seen it, or another is begun.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appliance.clocks import boot_id
from appliance.disk import replace_file
from appliance.limits import CHANGE_BYTES, CHANGE_LATEST_S
from appliance.settings import Paths


class _Mark(BaseModel):
    """What ``earwitness place`` leaves for others to see (appliance/placing/record.py)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    placement: str = Field(max_length=40)
    until: float  #: CLOCK_BOOTTIME, in s
    boot: str


class TakenBack(BaseModel):
    """What ``earwitness revert-network`` leaves of a change that went back by itself (appliance/placing/record.py)."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    why: Literal["unconfirmed", "restarted"]
    time: float = Field(ge=0, le=CHANGE_LATEST_S)  #: wall-clock seconds
    at: float  #: CLOCK_BOOTTIME, in s
    boot: str

    def when(self) -> float:
        """Return when that was, in wall-clock seconds: counted from now, in the same boot, since clocks are set."""
        return time.time() - (_now() - self.at) if self.boot == boot_id() else self.time


@dataclass(frozen=True, slots=True)
class Change:
    """A change that goes back by itself."""

    placement: str
    left: float  #: seconds until then


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the last placing from the page went."""

    state: str  #: "running", "success", "refused", or systemd's word for how it failed
    words: str  #: what it said


def waiting_change(paths: Paths) -> Change | None:
    """Return the change that waits; None if none does, or if it is on its way back already."""
    raw = _read(paths.install / "unconfirmed")
    if raw is None:
        return None
    try:
        mark = _Mark.model_validate_json(raw)
    except ValidationError:
        return None
    left = mark.until - _now()
    return Change(mark.placement, left) if mark.boot == boot_id() and left > 0 else None


def taken_back(paths: Paths) -> TakenBack | None:
    """Return the last change that went back by itself; None if there was none, or somebody has seen it."""
    raw = _read(_word(paths))
    if raw is None or raw == _read(paths.seen):
        return None
    try:
        return TakenBack.model_validate_json(raw)
    except ValidationError:
        return None


def see(paths: Paths) -> None:
    """Remember that somebody has seen it. Raises OSError."""
    if raw := _read(_word(paths)):
        replace_file(paths.seen, raw)


def last_attempt(paths: Paths) -> Attempt | None:
    """Return how the last placing from the page went since the machine started; None if there was none."""
    state, said = _read(paths.placed / "result"), _read(paths.placed / "said")
    if state is None:
        return None
    words = (said or b"").decode(errors="replace").strip()
    return Attempt(state.decode(errors="replace").strip(), "".join(filter(_plain, words)))


def _word(paths: Paths) -> Path:
    return paths.install / "taken-back.json"


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _plain(character: str) -> bool:
    return character.isprintable() or character == "\n"


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(CHANGE_BYTES)
    except OSError:
        return None
