# SPDX-License-Identifier: GPL-2.0-or-later
"""What a satellite and its hub say to each other: JSON over HTTPS, and no sound in any of it.

Every field is bounded on both sides. Facts are lines of a sounds file (docs/sounds.md): ``wake``, ``speech`` and
``coverage``, with times by the hub's clock.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from appliance.events import Coverage, Speech, Wake
from appliance.judge.sound_lines import CoverageLine, SpeechLine, WakeLine
from appliance.limits import (
    MICROPHONES,
    SATELLITE_FACTS,
    SATELLITE_NAME_CHARACTERS,
    SATELLITE_STATE_CHARACTERS,
    SATELLITE_WORDS,
)
from appliance.speakers.inventory import Name
from appliance.status import HEARS

#: Where they are said.
PATH = "/api/v1/satellites"


def _apart(text: str) -> str:
    if "/" in text:
        raise ValueError("must not have “/” in it: that stands between a satellite's name and its microphone's")
    return text


#: A satellite's name, or its microphone's: both together name an ear of the home.
PartName = Annotated[Name, Field(max_length=SATELLITE_NAME_CHARACTERS), AfterValidator(_apart)]
Time = Annotated[float, Field(gt=-1e12, lt=1e12)]
Id = Annotated[str, Field(pattern=r"^[0-9a-f-]{8,40}$")]
Line = Annotated[WakeLine | SpeechLine | CoverageLine, Field(discriminator="type")]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Request(_Message):
    """A satellite asks to be one of the home's."""

    secret: Annotated[str, Field(pattern=r"^[0-9a-f]{10}$")]
    name: PartName


class Welcome(_Message):
    """It is; the token is its key from now on."""

    token: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Microphone(_Message):
    """One ear of a satellite, and how it is."""

    name: PartName
    room: Name | None = None
    level: Annotated[float, Field(ge=-200, le=50, description="dBFS")] | None = None
    state: Annotated[str, Field(max_length=SATELLITE_STATE_CHARACTERS)] = HEARS


class Report(_Message):
    """What was heard since the last report.

    ``first`` is the number of the first fact; they are counted from 1 in each ``run`` of the satellite, so that one
    that comes twice counts once. ``boot`` names the run of the hub whose time facts have: None while that is unknown,
    and then there are none.
    """

    run: Id
    boot: Id | None = None
    first: Annotated[int, Field(ge=1, lt=2**53)]
    facts: Annotated[list[Line], Field(max_length=SATELLITE_FACTS)] = []
    microphones: Annotated[list[Microphone], Field(max_length=MICROPHONES)] = []


class Answer(_Message):
    """The hub has everything before the number ``next``, on its disk.

    ``received`` and ``answered`` are when, by its clock; ``words``: what to listen for, None for all there is.
    """

    boot: Id
    received: Time
    answered: Time
    next: Annotated[int, Field(ge=1, lt=2**53)]
    words: Annotated[list[Name], Field(max_length=SATELLITE_WORDS)] | None = None


def line(fact: Wake | Speech | Coverage, begin: float, end: float) -> WakeLine | SpeechLine | CoverageLine:
    """Return the line that says a fact, with its times by the hub's clock."""
    match fact:
        case Wake():
            name, score = fact.ear, min(1.0, max(0.0, fact.score))
            return WakeLine(type="wake", ear=name, time=end, word=fact.word, score=score, near_miss=fact.near_miss)
        case Speech():
            kind: Literal["speech", "other"] = "other" if fact.kind == "other" else "speech"
            return SpeechLine(type="speech", ear=fact.ear, start=begin, end=end, level=fact.level, kind=kind)
        case Coverage():
            return CoverageLine(type="coverage", source=fact.source, start=begin, end=end, lost=fact.lost)
