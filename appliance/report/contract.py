# SPDX-License-Identifier: GPL-2.0-or-later
"""The contract of the JSON lines: their models, from which the JSON schema is made.

docs/jsonl.md says the same for people; the tests hold both to these models.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from appliance.events import Proof, Role, Tell

Seconds = Annotated[float, Field(description="Seconds since the epoch, as in the capture, with fraction.")]
Confidence = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A JSON object of the contract: these keys, all of them, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(Part):
    """What all lines have in common."""

    def json_line(self) -> str:
        """The line without its end: printable ASCII alone, so that no terminal takes a name for a command."""
        return self.model_dump_json(ensure_ascii=True).replace("\x7f", "\\u007f")


class FlowPart(Part):
    """One transport connection, seen from the device."""

    proto: Literal["tcp", "udp"]
    device_port: Annotated[int, Field(description="Port on the device's side.")]
    remote: Annotated[str, Field(description="IP address of the other side.")]
    remote_port: int


class UploadKeyPart(Part):
    """Which upload a verdict is about: the upload line with the same flow and start."""

    flow: FlowPart
    started_at: Seconds


class WakePart(Part):
    """A wake word that an ear heard."""

    time: Annotated[float, Field(description="End of the word.")]
    ear: str
    word: str
    score: float
    near_miss: Annotated[bool, Field(description="Under the threshold, and kept all the same.")]


class EvidencePart(Part):
    """One reason of a verdict."""

    key: Annotated[str, Field(description="Stable name, for programs.")]
    value: Annotated[bool | int | float | str | None, Field(description="The figure.")]
    text: Annotated[str, Field(description="A sentence, for people.")]


class OfCapture(Line):
    """A line on something that was found in a capture file."""

    type: str
    capture: Annotated[str, Field(description="Path of the capture file, as it was given.")]


class UploadPart(Part):
    """A stretch of a flow that carries voice, completed."""

    device: Annotated[str, Field(description="MAC address; the IP address where the capture has none.")]
    speaker: Annotated[str | None, Field(description="Id of the speaker rule that matched, if any.")]
    flow: FlowPart
    host: Annotated[str | None, Field(description="Name of the other side, where known.")]
    host_by: Annotated[Proof, Field(description="How the name is known, best first: sni, dns, learnt, owner, none.")]
    role: Annotated[Role, Field(description="voice, or call for a two-way media flow.")]
    started_at: Seconds
    known_at: Annotated[float, Field(description="When it was certain enough to be announced.")]
    ended_at: Seconds
    bytes_up: Annotated[int, Field(description="Application bytes sent.")]
    bytes_down: Annotated[int, Field(description="Application bytes received meanwhile.")]
    detectors: Annotated[list[str], Field(description="Which detectors fired: cadence, steady, flush, volume, media.")]
    signature: Annotated[str | None, Field(description="Id of the known shape it has, if any.")]
    confidence: Confidence


class UploadLine(UploadPart, OfCapture):
    """A stretch of a flow that carries voice, completed."""

    type: Literal["upload"] = "upload"


class VerdictPart(Part):
    """The judge's word on one upload, or on one wake word that no upload followed."""

    time: Annotated[float, Field(description="When the judge could say so.")]
    verdict: Annotated[str, Field(description="The verdict: called, follow_up, unexplained_speech and so on.")]
    tell: Annotated[Tell, Field(description="How loudly it is told: nobody, notice, alert, urgent.")]
    confidence: Confidence
    device: Annotated[str | None, Field(description="The speaker it is about.")]
    upload: Annotated[UploadKeyPart | None, Field(description="The upload it is about; null for silent_speaker alone.")]
    wake: Annotated[WakePart | None, Field(description="The wake word that counted, if there is one.")]
    evidence: list[EvidencePart]
    rules: Annotated[str, Field(description="Version of the rules it was judged by.")]


class VerdictLine(VerdictPart, OfCapture):
    """The judge's final word on one upload, or on one wake word that no upload followed."""

    type: Literal["verdict"] = "verdict"


class DeviceLine(Line):
    """What is known of one device of the house."""

    type: Literal["device"] = "device"
    time: Annotated[float, Field(description="When it last showed something new of itself.")]
    device: Annotated[str, Field(description="MAC address; the IP address where the capture has none.")]
    speaker: Annotated[str | None, Field(description="Id of the speaker rule that matched, if any.")]
    vendor: str | None
    model: str | None
    name: Annotated[str | None, Field(description="What it calls itself: text from the network, not to be trusted.")]
    confidence: Confidence
    by: Annotated[list[str], Field(description="What it was recognised by, strongest first.")]


class LossLine(Line):
    """A stretch in which the capture missed something."""

    type: Literal["loss"] = "loss"
    started_at: Seconds
    ended_at: Seconds
    device: Annotated[str | None, Field(description="The device it concerns; null: it may concern any.")]
    what: Annotated[str, Field(description="What is missing, and so the unit of the figure.")]
    missing: int


class DamagePart(Part):
    """A capture file that broke off."""

    capture: str
    offset: Annotated[int, Field(description="Byte of the file from which on nothing could be read.")]
    what: str


class SummaryLine(Line):
    """The last line: what there was in all."""

    type: Literal["summary"] = "summary"
    captures: list[str]
    simulated: Annotated[bool, Field(description="True: this household does not exist.")]
    listened: Annotated[bool, Field(description="False: no sounds were given, so every upload is unheard.")]
    started_at: Seconds
    ended_at: Seconds
    seconds: Annotated[float, Field(description="From the first packet to the last.")]
    packets: int
    bytes: Annotated[int, Field(description="Bytes on the wire.")]
    devices: int
    uploads: int
    by_verdict: Annotated[dict[str, int], Field(description="How many of each verdict.")]
    damage: list[DamagePart]
    shed: Annotated[dict[str, int], Field(description="What a bound turned away, and how many.")]


AnyLine = Annotated[UploadLine | VerdictLine | DeviceLine | LossLine | SummaryLine, Field(discriminator="type")]
LINES: TypeAdapter[AnyLine] = TypeAdapter(AnyLine)


def schema() -> dict[str, object]:
    """The JSON schema of one line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Earwitness JSON lines",
        **LINES.json_schema(),
    }
