# SPDX-License-Identifier: GPL-2.0-or-later
"""The household's choices, typed: each with a default, so that a house about which nobody said anything has all."""

import re
from datetime import time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from appliance.events import Tell
from appliance.limits import (
    ALERTS_A_DAY,
    ALERTS_AN_HOUR,
    CHANNELS,
    FORGETTINGS,
    HOUSEHOLD_NAME_CHARACTERS,
    LOUDNESSES,
    MAIL_CHARACTERS,
    SNOOZES,
)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else name
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError(f"there is no time zone {name!r}; they are called like Europe/Berlin") from None


def _mail(text: str) -> str:
    if text and not re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\".]+(\.[^\s@<>\".]+)+", text):
        raise ValueError("must be an address like ada@example.org")
    return text


def _printable(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("must have letters, and no control characters")
    return text


#: What people call a thing.
GivenName = Annotated[str, Field(max_length=HOUSEHOLD_NAME_CHARACTERS), AfterValidator(_printable)]
#: A name made by us, for programs.
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
#: A time of the day, by the clock of the house; JSON's own kind of time has a zone.
Clock = Annotated[time, WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"})]
Days = Annotated[int, Field(ge=2, le=4000)]


class _Choice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Home(_Choice):
    """The household as a whole."""

    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = ""  #: of alerts; none: English
    zone: Annotated[str, AfterValidator(_zone)] = ""  #: as in the tz database; none: the machine's
    contact: Annotated[str, Field(max_length=MAIL_CHARACTERS), AfterValidator(_mail)] = ""  #: of push relays

    @property
    def clock(self) -> ZoneInfo | None:
        """The zone of the clocks in the house; None: the machine's."""
        return ZoneInfo(self.zone) if self.zone else None


class Evidence(StrEnum):
    """What is kept of the frames around an upload."""

    NONE = "none"
    HEADERS = "headers"  #: when, how large, from whom to whom
    WHOLE = "whole"  #: all bytes, encrypted as they were sent


class Privacy(_Choice):
    """What is kept, and for how long; None: as the settings file says."""

    keep_days: Days | None = None  #: uploads, verdicts, coverage
    traffic_days: Days | None = None  #: traffic by the minute, and names of addresses
    sounds_days: Days | None = None  #: which word was heard when, and when there was speech
    evidence: Evidence | None = None
    evidence_days: Annotated[int, Field(ge=1, le=4000)] | None = None


class Quiet(_Choice):
    """The hours in which only the urgent is told at once; by the clock of the house."""

    on: bool = False
    begin: Clock = time(22)
    end: Clock = time(7)  #: of the next day, if it is not later than the begin
    urgent_passes: bool = True

    def holds(self, now: time) -> bool:
        """Say whether it is quiet at a time of the day."""
        if not self.on:
            return False
        return self.begin <= now < self.end if self.begin < self.end else now >= self.begin or now < self.end


class Loudness(_Choice):
    """How loudly one verdict is told, in place of what the rules say."""

    verdict: Key | Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    device: Annotated[str, Field(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")] | None = None  #: None: of every speaker
    tell: Tell


class Caps(_Choice):
    """How many alerts there may be; more are joined in a digest. The first urgent one of a day is never held back."""

    an_hour: Annotated[int, Field(ge=1, le=ALERTS_AN_HOUR)] = 2
    a_day: Annotated[int, Field(ge=1, le=ALERTS_A_DAY)] = 2
    cooldown_minutes: Annotated[int, Field(ge=0, le=1440)] = 60  #: the same of the same speaker is one episode so long


class Level(StrEnum):
    """How much an alert tells."""

    SHORT = "short"  #: nothing private
    NORMAL = "normal"  #: speaker, time, size
    FULL = "full"  #: with the evidence


class Channel(_Choice):
    """A way to tell people; where it leads and what opens it are Secrets under its id."""

    id: Key
    kind: Key
    name: GivenName
    level: Level = Level.SHORT
    on: bool = True
    quiet: Quiet | None = None  #: None: as the house's
    person: Annotated[str, Field(max_length=HOUSEHOLD_NAME_CHARACTERS)] = ""  #: whose own browser it is


class Forgetting(_Choice):
    """A stretch of time that is to be forgotten; wall-clock seconds. It stays on the list until that is done."""

    since: float
    until: float
    asked_at: float


class Snooze(_Choice):
    """Somebody asked to hear nothing of a speaker for a while."""

    device: Annotated[str, Field(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")] | None = None  #: None: of anything
    until: float  #: wall-clock seconds


class Updates(_Choice):
    """Whether anybody is asked for a newer version."""

    ask: bool = False


class Access(_Choice):
    """How the dashboard may be reached."""

    https_only: bool = False  #: plain HTTP only says how to trust the certificates, and leads to HTTPS otherwise


class Choices(_Choice):
    """All that the household chose."""

    home: Home = Home()
    privacy: Privacy = Privacy()
    access: Access = Access()
    updates: Updates = Updates()
    quiet: Quiet = Quiet()
    caps: Caps = Caps()
    loudness: Annotated[tuple[Loudness, ...], Field(max_length=LOUDNESSES)] = ()
    channels: Annotated[tuple[Channel, ...], Field(max_length=CHANNELS)] = ()
    snoozes: Annotated[tuple[Snooze, ...], Field(max_length=SNOOZES)] = ()
    forgetting: Annotated[tuple[Forgetting, ...], Field(max_length=FORGETTINGS)] = ()

    def tell(self, verdict: str, device: str | None, otherwise: Tell) -> Tell:
        """Return how loudly a verdict on a device is told: what is said of the device counts more than of all."""
        said = {each.device: each.tell for each in self.loudness if each.verdict == verdict}
        return said.get(device, said.get(None, otherwise))
