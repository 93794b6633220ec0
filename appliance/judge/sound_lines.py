# SPDX-License-Identifier: GPL-2.0-or-later
"""What a line of the sounds file may say, by its type (docs/sounds.md), and the fact it becomes."""

from ipaddress import ip_address
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from appliance.events import Coverage, Ear, Placement, Speech, Wake
from appliance.limits import SOUND_LINE_BYTES, SOUND_WAKE_WORDS
from appliance.speakers.inventory import MAC, EarName, Name

#: Seconds since the epoch in the year 5138; times in milliseconds are beyond it.
_LATEST = 1e11


def _device(text: str) -> str:
    mac = text.lower().replace("-", ":")
    if MAC.fullmatch(mac):
        return mac
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("must be a MAC address like aa:bb:cc:dd:ee:ff (or an IP address)") from None


DeviceAddress = Annotated[Name, AfterValidator(_device)]
Time = Annotated[float, Field(ge=0, lt=_LATEST, description="seconds since the epoch, on the capture's clock")]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class EarLine(_Line):
    """Introduces a microphone."""

    type: Literal["ear"]
    ear: EarName
    room: Name | None = None

    def fact(self) -> Ear:
        """Return it as the judge wants it."""
        return Ear(self.ear, self.room)


class SpeakerLine(_Line):
    """Says where a speaker stands and what it listens to."""

    type: Literal["speaker"]
    device: DeviceAddress
    room: Name | None = None
    name: Name | None = None
    wake_words: Annotated[list[Name], Field(max_length=SOUND_WAKE_WORDS)] = []

    def fact(self) -> Placement:
        """Return it as the judge wants it."""
        return Placement(self.device, self.room, self.name, tuple(self.wake_words))


class _Stretch(_Line):
    start: Time
    end: Time

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"end ({self.end:.3f}) is before start ({self.start:.3f})")
        return self


class CoverageLine(_Stretch):
    """Says that a source was really watching from start to end."""

    type: Literal["coverage"]
    source: Name
    lost: Annotated[int, Field(ge=0, lt=2**53)] = 0

    def fact(self) -> Coverage:
        """Return it as the judge wants it."""
        return Coverage(self.start, self.end, self.source, self.lost)


class WakeLine(_Line):
    """An ear heard a wake word; time is the end of the word."""

    type: Literal["wake"]
    ear: EarName
    time: Time
    word: Name
    score: Annotated[float, Field(ge=0, le=1)]
    near_miss: bool = False

    def fact(self) -> Wake:
        """Return it as the judge wants it."""
        return Wake(self.time, self.ear, self.word, self.score, self.near_miss)


class SpeechLine(_Stretch):
    """An ear heard something."""

    type: Literal["speech"]
    ear: EarName
    level: Annotated[float, Field(ge=-200, le=50, description="dBFS")] | None = None
    kind: Literal["speech", "other"] = "speech"

    def fact(self) -> Speech:
        """Return it as the judge wants it."""
        return Speech(self.start, self.end, self.ear, self.level, self.kind)


class NoteLine(_Line):
    """Says something for people; ``simulated`` marks everything made from the file as made up."""

    type: Literal["note"]
    text: Annotated[str, Field(max_length=SOUND_LINE_BYTES)] = ""
    simulated: bool = False


SoundLine = EarLine | SpeakerLine | CoverageLine | WakeLine | SpeechLine | NoteLine
SOUND_LINE: TypeAdapter[SoundLine] = TypeAdapter(Annotated[SoundLine, Field(discriminator="type")])


def line_of(fact: Ear | Placement | Coverage | Wake | Speech) -> str:
    """Return the line of a sounds file that says a fact. Raises ValueError if no line may say it."""
    match fact:
        case Ear():
            line: SoundLine = EarLine(type="ear", ear=fact.ear, room=fact.room)
        case Placement():
            words = list(fact.wake_words)
            line = SpeakerLine(type="speaker", device=fact.device, room=fact.room, name=fact.name, wake_words=words)
        case Coverage():
            line = CoverageLine(type="coverage", source=fact.source, start=fact.time, end=fact.ended_at, lost=fact.lost)
        case Wake():
            line = WakeLine(
                type="wake",
                ear=fact.ear,
                time=fact.time,
                word=fact.word,
                score=fact.score,
                near_miss=fact.near_miss,
            )
        case Speech():
            kind: Literal["speech", "other"] = "other" if fact.kind == "other" else "speech"
            line = SpeechLine(
                type="speech", ear=fact.ear, start=fact.time, end=fact.ended_at, level=fact.level, kind=kind
            )
    return line.model_dump_json(exclude_none=True)
