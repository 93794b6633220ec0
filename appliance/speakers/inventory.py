# SPDX-License-Identifier: GPL-2.0-or-later
"""The household as the registry's file has it: speakers, rooms and ears, with the owner's word above what was found."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from appliance.events import Device, Ear, Placement, Service
from appliance.language import translate
from appliance.limits import (
    DEVICE_EVIDENCE_SHOWN,
    REGISTRY_EVIDENCE_CHARACTERS,
    REGISTRY_KEY_CHARACTERS,
    SIGHTING_CHARS,
    SOUND_NAME_CHARACTERS,
    SOUND_WAKE_WORDS,
)

#: How a MAC address is written.
MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")


def _printable(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError(translate("it must have letters, and no control characters"))
    return text


def _mac(text: str) -> str:
    if not MAC.fullmatch(text):
        raise ValueError("must be a MAC address like aa:bb:cc:dd:ee:ff")
    return text


def _no_service(text: str) -> str:
    if text in set(Service):
        raise ValueError(translate("it must not be “{name}”: a part of Earwitness is called so", name=text))
    return text


_DAY_S = 86_400.0

D = TypeVar("D", bound=BaseModel)
Name = Annotated[str, Field(max_length=SOUND_NAME_CHARACTERS), AfterValidator(_printable)]
EarName = Annotated[Name, AfterValidator(_no_service)]
#: What a device said of itself; it was cleaned when it was seen.
Said = Annotated[str, Field(max_length=SIGHTING_CHARS)]
Reason = Annotated[str, Field(max_length=REGISTRY_EVIDENCE_CHARACTERS)]


class Status(StrEnum):
    """What the owner says of a device as a whole."""

    CONFIRMED = "confirmed"  #: it is a speaker, whatever was found
    IGNORED = "ignored"  #: it is none, or one not to be watched


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Found(_Document):
    """What a device showed of itself, by its newest description; times are wall-clock seconds."""

    speaker: Said | None = None
    vendor: Said | None = None
    model: Said | None = None
    name: Said | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    by: Annotated[tuple[Reason, ...], Field(max_length=DEVICE_EVIDENCE_SHOWN)] = ()
    first_seen: float
    last_seen: float


class Owner(_Document):
    """What the owner says of a device; what is not said stays as it was found."""

    name: Name | None = None
    room: Name | None = None
    speaker: Name | None = None
    model: Name | None = None
    wake_words: Annotated[tuple[Name, ...], Field(max_length=SOUND_WAKE_WORDS)] = ()
    status: Status | None = None


class Learnt(_Document):
    """What a calibration taught of a speaker: what is usual for it when somebody calls it."""

    time: float  #: wall-clock seconds at which it was learnt
    commands: Annotated[int, Field(ge=1, le=100)]  #: of which network and ears both caught theirs
    host: Said | None = None  #: where its voice goes
    remote: Said  #: the address of that
    signature: Said | None = None  #: id of the rule for the beat that it keeps
    rate: Annotated[float, Field(ge=0)]  #: bytes a second
    delay_s: float  #: from the end of its name to the start of its upload; it narrows no window of the judge
    spread_s: Annotated[float, Field(ge=0)]  #: between the shortest delay and the longest


class Entry(_Document):
    """One device of the household."""

    mac: Annotated[str, AfterValidator(_mac)]
    found: Found | None = None
    owner: Owner = Owner()
    learnt: Learnt | None = None

    @property
    def speaker(self) -> str | None:
        """The speaker rule that it goes by."""
        return self.owner.speaker or (self.found.speaker if self.found else None)

    @property
    def model(self) -> str | None:
        """What it is."""
        return self.owner.model or (self.found.model if self.found else None)

    @property
    def name(self) -> str | None:
        """What people call it."""
        return self.owner.name or (self.found.name if self.found else None)

    @property
    def watched(self) -> bool:
        """Whether it counts as a speaker."""
        if self.owner.status is Status.IGNORED:
            return False
        return self.speaker is not None or self.owner.status is Status.CONFIRMED

    @property
    def resident(self) -> bool:
        """Whether it lives here: by the owner's word, or because it was seen on more than one day."""
        return self.touched or (self.found is not None and self.found.last_seen - self.found.first_seen >= _DAY_S)

    @property
    def touched(self) -> bool:
        """Whether the owner said anything of it, or taught us."""
        return self.owner != Owner() or self.learnt is not None

    def standing(self) -> tuple[bool, bool, float, float]:
        """Return what speaks for keeping it when there are too many, as what can be compared.

        That the owner said something of it; that it is a speaker; for how long it has been known; when it was seen.
        """
        first, last = (self.found.first_seen, self.found.last_seen) if self.found else (0.0, 0.0)
        return self.touched, self.watched, last - first, last

    @property
    def number(self) -> int:
        """The MAC address as a number, as frames carry it."""
        return int(self.mac.replace(":", ""), 16)


class Room(_Document):
    """A room of the home."""

    name: Name


class EarEntry(_Document):
    """A microphone, and where it is; without a room it hears the whole home."""

    name: EarName
    room: Name | None = None
    by_settings: bool = False  #: it is of the settings, and goes when it leaves them


class Word(StrEnum):
    """What a person says of a verdict; it stands beside the verdict, never over it."""

    BUTTON = "button"  #: I pressed the button
    ROUTINE = "routine"  #: it was a routine
    CALL = "call"  #: it was a call
    SAID = "said"  #: I did say its name
    NOBODY = "nobody"  #: nobody did


class Answer(_Document):
    """One person's word on one verdict."""

    verdict: Annotated[str, Field(max_length=REGISTRY_KEY_CHARACTERS), AfterValidator(_printable)]  #: names it
    mac: Annotated[str, AfterValidator(_mac)]
    word: Word
    time: float  #: wall-clock seconds at which it was said


class Probing(_Document):
    """Whether devices may be asked what they are, by the owner's word; and when that was asked for last."""

    allowed: bool = False
    asked_at: float | None = None  #: wall-clock seconds


@dataclass(frozen=True, slots=True)
class Inventory:
    """The household at one moment."""

    devices: tuple[Entry, ...] = ()
    rooms: tuple[Room, ...] = ()
    ears: tuple[EarEntry, ...] = ()
    answers: tuple[Answer, ...] = ()  #: one for each verdict, the oldest first
    probing: Probing = field(default_factory=Probing)

    def furniture(self) -> list[Ear | Placement]:
        """Return where ears and speakers are, as the judge wants it."""
        placements = [
            Placement(each.mac, each.owner.room, each.name, each.owner.wake_words)
            for each in self.devices
            if each.watched
        ]
        return [*(Ear(each.name, each.room) for each in self.ears), *placements]

    def described(self) -> list[Device]:
        """Return the speakers as they were found, and as their owner says; any news of them counts more."""
        return [
            Device(0.0, each.mac, each.speaker, vendor, each.model, each.name, found.confidence if found else 1.0, by)
            for each in self.devices
            if each.watched
            for found in (each.found,)
            for vendor, by in ((found.vendor, found.by) if found else (None, ()),)
        ]

    def counted(self, mac: str) -> dict[Word, int]:
        """Return how often people answered what about one speaker's verdicts."""
        return dict(Counter(answer.word for answer in self.answers if answer.mac == mac))

    def residents(self) -> frozenset[str]:
        """Return the addresses of the speakers that live here."""
        return frozenset(each.mac for each in self.devices if each.watched and each.resident)

    def watched(self) -> frozenset[int]:
        """Return the MAC addresses of the speakers, as numbers, for the capture's filter."""
        return frozenset(each.number for each in self.devices if each.watched)

    def voices(self) -> dict[str, str]:
        """Return where the voice of each calibrated speaker goes: the host, or the address where it has no name."""
        known = ((each.mac, each.learnt) for each in self.devices if each.watched)
        return {mac: learnt.host or learnt.remote for mac, learnt in known if learnt}

    def learnt(self, before: float) -> frozenset[int]:
        """Return those of the devices known to be none: first seen before then (wall-clock time), or ignored."""
        return frozenset(
            each.number
            for each in self.devices
            if not each.watched and (each.touched or (each.found is not None and each.found.first_seen < before))
        )

    def owners(self) -> dict[str, Owner]:
        """Return what the owner says of devices, by their addresses."""
        return {each.mac: each.owner for each in self.devices if each.touched}

    def corrected(self, device: Device) -> Device:
        """Return what was found of a device with the owner's word above it."""
        for each in self.devices:
            if each.mac == device.device and each.touched:
                ignored = each.owner.status is Status.IGNORED
                return replace(
                    device,
                    speaker=None if ignored else each.owner.speaker or device.speaker,
                    model=each.owner.model or device.model,
                    name=each.owner.name or device.name,
                )
        return device


def read_inventory(tables: Mapping[str, object]) -> tuple[Inventory, list[str]]:
    """Make the household of the file's tables; what is wrong in them is left out, and told with its key."""
    problems: list[str] = []
    devices = tuple(_documents(tables, "speakers", Entry, problems))
    rooms = tuple(_documents(tables, "rooms", Room, problems))
    ears = tuple(_documents(tables, "ears", EarEntry, problems))
    answers = tuple(_documents(tables, "answers", Answer, problems))
    probing = next(_documents(tables, "probing", Probing, problems), Probing())
    return Inventory(devices, rooms, ears, answers, probing), problems


def _documents(tables: Mapping[str, object], name: str, kind: type[D], problems: list[str]) -> Iterator[D]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        problems.append(f"{name}: must hold documents by number")
        return
    for number, document in table.items():
        try:
            yield kind.model_validate(document)
        except ValidationError as error:
            wrong = error.errors()[0]
            problems.append(f"{'.'.join(map(str, (name, number, *wrong['loc'])))}: {wrong['msg']}")
