# SPDX-License-Identifier: GPL-2.0-or-later
"""What the checks look at: the appliance at one moment, as its status files, its registry and the machine show it."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from appliance.events import Service
from appliance.limits import UPDATE_RECORD_BYTES, UPDATE_WORDS
from appliance.speakers.inventory import Inventory
from appliance.status import CaptureStatus, EarStatus


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that the state folder is on."""

    free: int  #: bytes
    size: int  #: bytes
    read_only: bool


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine shows; None where it has nothing to tell."""

    wall: float  #: wall-clock time, seconds since the epoch
    synchronised: bool  #: a time server keeps the wall clock right
    running: frozenset[int] = frozenset()  #: those of the services' process ids that are alive
    disk: Disk | None = None
    celsius: float | None = None  #: the hottest of its thermal zones
    under_voltage: bool | None = None
    throttled: bool | None = None  #: the firmware slows the processor down
    shut: tuple[str, ...] = ()  #: ports that a bridge keeps shut


@dataclass(frozen=True, slots=True)
class Ending:
    """One end of a service."""

    service: Service
    time: float  #: steady seconds
    why: str  #: systemd's word for it


class LastUpdate(BaseModel):
    """One update, as install.sh notes it in last-update.json; whatever else is there is somebody else's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    time: float  #: wall-clock seconds, of the last change of ``state``
    from_: str = Field(alias="from", max_length=UPDATE_WORDS)  #: the release that ran before
    to: str = Field(max_length=UPDATE_WORDS)
    state: Literal["running", "done", "back", "refused", "broken-off"]
    words: str = Field(default="", max_length=UPDATE_RECORD_BYTES)  #: why it went back, or was refused
    pid: int = 0  #: of the process that noted it
    boot: str = ""  #: in which boot that was


@dataclass(frozen=True, slots=True)
class Reading:
    """The appliance at one moment."""

    boot: str  #: of which boot the time is
    time: float  #: steady seconds
    machine: Machine
    capture: CaptureStatus | None = None
    ears: EarStatus | None = None
    elsewhere: frozenset[str] = frozenset()  #: ears that others than this machine's ears service have
    inventory: Inventory = field(default_factory=Inventory)
    backlog: int = 0  #: facts of the hub that could not be written to the ledger yet
    web_problem: str = ""  #: what keeps the dashboard from being served, in words; mostly empty
    broken_channels: tuple[tuple[str, str], ...] = ()  #: channels that take no alerts, and why, in words
    missed_jobs: tuple[str, ...] = ()  #: what should have been done by now and was not
    endings: tuple[Ending, ...] = ()  #: of our services, since the machine started, oldest first
    update: LastUpdate | None = None  #: how the last update stands or went
    ailing: tuple[tuple[str, str], ...] = ()  #: ears of satellites that do not hear, and what is wrong with each

    @property
    def live(self) -> CaptureStatus | None:
        """The capture's status if its times are of this boot; those of a capture that is replayed are not."""
        return self.capture if self.capture and self.capture.boot == self.boot else None
