# SPDX-License-Identifier: GPL-2.0-or-later
"""Status files: what is only of this moment, one small JSON file a service in RUN, replaced atomically once a second.

They live in memory (tmpfs), so they wear no card, and they are gone after a boot, as they should be.
"""

import os
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from appliance.limits import STATUS_BYTES

S = TypeVar("S", bound="Status")


class Status(BaseModel):
    """What every service says of itself. Times are steady seconds (see ``appliance.capture.steady``)."""

    model_config = ConfigDict(frozen=True)

    service: str
    boot: str  #: of which boot the times are
    time: float  #: when this was written
    started_at: float
    pid: int
    state: str  #: "watching", "judging", "stopped"; then in words what is wrong
    version: str


class PortStatus(BaseModel):
    """One interface that is captured on."""

    model_config = ConfigDict(frozen=True)

    interface: str
    present: bool
    up: bool
    carrier: bool
    packets: int = 0  #: since the service started
    dropped: int = 0  #: by the kernel, for want of room in the ring


class CaptureStatus(Status):
    """The capture service."""

    placement: str
    watch: str
    covered_since: float  #: from when on it has seen everything
    covered_until: float  #: up to when all facts are in the ledger
    ports: tuple[PortStatus, ...] = ()
    packets: int = 0
    bytes: int = 0
    lost: int = 0  #: frames, since the service started
    last_packet: float | None = None
    last_seen: dict[str, float] = {}  #: when each watched speaker last sent a frame
    uploading: tuple[str, ...] = ()  #: devices with an open upload
    shed: dict[str, int] = {}  #: what bounds turned away or forgot
    probes: int = 0  #: frames of our own that asked devices what they are, since the service started
    probed: str = ""  #: what came of the last time that devices were asked, in words


class EarStatus(Status):
    """The ears service: each of its ears by name."""

    ears: dict[str, "Listening"] = {}


#: The state of an ear with which nothing is wrong.
HEARS = "listening"


class Nearly(BaseModel):
    """A near miss that is in no ledger: it matters only to whoever tries the ear out."""

    model_config = ConfigDict(frozen=True)

    time: float
    word: str
    score: float


class Listening(BaseModel):
    """One ear's stretch of coverage that is not in the ledger yet, and how loud it is there."""

    model_config = ConfigDict(frozen=True)

    covered_since: float
    covered_until: float
    lost: int = 0
    level: float | None = None  #: dBFS
    room: str | None = None  #: as the satellite says that it is an ear of
    state: str = HEARS
    nearly: tuple[Nearly, ...] = ()  #: the near misses of the last minute, the newest first


class HubStatus(Status):
    """The hub."""

    judged_until: float | None = None
    open_uploads: int = 0
    findings: int = 0  #: health findings that are open
    backlog: int = 0  #: facts that could not be written yet
    usual: dict[str, float] = {}  #: how long each speaker is silent at times, in s


def in_words(state: str, *problems: str) -> str:
    """Return how a service is: its state, and what is wrong, if anything is."""
    return "; ".join((state, *filter(None, problems)))


def write_status(folder: Path, status: Status) -> None:
    """Replace ``folder``/SERVICE.json by ``status``. Raises OSError, as when the folder is missing or full."""
    path = folder / f"{status.service}.json"
    draft = path.with_suffix(".new")
    draft.write_text(status.model_dump_json())
    draft.replace(path)


#: Whose files tell of ears: of this machine's microphones, of satellites, of voice satellites of other software.
HEARING = ("ears", "satellites", "wyoming")


def read_ears(folder: Path, boot: str) -> list[EarStatus]:
    """Return what was last said of ears, wherever they are, in times of ``boot``."""
    told = (read_status(folder, each, EarStatus) for each in HEARING)
    return [each for each in told if each is not None and each.boot == boot]


def read_status(folder: Path, service: str, kind: type[S]) -> S | None:
    """Return what ``service`` last said of itself; None if it said nothing, or nothing that can be read."""
    try:
        with (folder / f"{service}.json").open("rb") as file:
            return kind.model_validate_json(file.read(STATUS_BYTES))
    except (OSError, ValidationError):
        return None


def alive(pid: int) -> bool:
    """Say whether there is a process of that number, whoever's it is."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
