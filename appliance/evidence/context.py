# SPDX-License-Identifier: GPL-2.0-or-later
"""What an evidence capture says besides its frames, as one line of JSON in a comment of its section.

An analysis of the file alone comes to the same upload by it, since names, keep-alives and boots from before are not in
the frames. It names flows and a device and nothing else, so a forged one is worth as much as forged frames. All times
are seconds of the file, that is wall-clock time; ``offset`` is what was added to the steady time of boot ``boot``.
"""

import re
from collections.abc import Sequence
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from appliance.capture import CaptureError
from appliance.events import Device, FlowKey, Proof, Role, Upload
from appliance.limits import (
    DEVICE_EVIDENCE_SHOWN,
    EVIDENCE_CONTEXT_BYTES,
    EVIDENCE_FLOWS,
    NAME_LENGTH,
    REGISTRY_EVIDENCE_CHARACTERS,
    SIGHTING_CHARS,
    SOUND_NAME_CHARACTERS,
)
from appliance.uploads import KnownFlow, Recollection

#: How the line begins, and no other comment does.
_BEGIN = '{"earwitness":'


class ContextError(CaptureError):
    """A capture says that it is our evidence, but what it says of itself cannot be."""


def _safe(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must have no control characters")
    return text


def _address(text: str) -> str:
    family = AF_INET6 if ":" in text else AF_INET
    try:
        return inet_ntop(family, inet_pton(family, text))
    except OSError:
        raise ValueError("must be an IP address") from None


Said = Annotated[str, Field(max_length=SIGHTING_CHARS), AfterValidator(_safe)]
Reason = Annotated[str, Field(max_length=REGISTRY_EVIDENCE_CHARACTERS), AfterValidator(_safe)]
Host = Annotated[str, Field(pattern=re.compile(rf"^[!-~]{{1,{NAME_LENGTH}}}\Z"))]
Mac = Annotated[str, Field(pattern=re.compile(r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}\Z"))]
Address = Annotated[str, Field(max_length=45), AfterValidator(_address)]
Port = Annotated[int, Field(ge=0, lt=1 << 16)]
Time = Annotated[float, Field(ge=0, lt=1e11)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, lt=1 << 53)]
Word = Annotated[str, Field(max_length=SOUND_NAME_CHARACTERS), AfterValidator(_safe)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class DevicePart(_Part):
    """What the device is, and why we think so."""

    mac: Mac
    speaker: Said | None
    vendor: Said | None
    model: Said | None
    name: Said | None
    confidence: Share
    by: Annotated[tuple[Reason, ...], Field(max_length=DEVICE_EVIDENCE_SHOWN)]
    booted_at: Time | None


class FlowPart(_Part):
    """One of its flows: its name, and how that is known."""

    proto: Literal["tcp", "udp"]
    device_port: Port
    remote: Address
    remote_port: Port
    host: Host | None
    by: Proof
    learnt_at: Time | None
    opened_at: Time | None


class UploadPart(_Part):
    """The upload as the capture service told it; what an analysis finds, it finds by itself."""

    role: Role
    started_at: Time
    known_at: Time
    ended_at: Time | None  #: None if the file ends before the upload does
    bytes_up: Count
    bytes_down: Count
    detectors: Annotated[tuple[Word, ...], Field(max_length=16)]
    signature: Word | None
    confidence: Share


class Context(_Part):
    """All of it. The first flow is the upload's."""

    earwitness: Literal["evidence"]
    version: Literal[1]
    boot: Word
    offset: Annotated[float, Field(gt=-1e11, lt=1e11)]
    device: DevicePart
    upload: UploadPart
    flows: Annotated[tuple[FlowPart, ...], Field(min_length=1, max_length=EVIDENCE_FLOWS)]

    def recollection(self) -> Recollection:
        """Return it as the detectors of uploads take it."""
        part = self.device
        device = Device(0.0, part.mac, part.speaker, part.vendor, part.model, part.name, part.confidence, part.by)
        return Recollection(device, part.booted_at, tuple(self._known(flow) for flow in self.flows))

    def line(self) -> str:
        """Return it as one line, with as many of its last flows left out as must be for the comment to hold it."""
        text = self.model_dump_json()
        flows = len(self.flows)
        while len(text.encode()) > EVIDENCE_CONTEXT_BYTES and flows > 1:
            flows = flows * 3 // 4
            text = self.model_copy(update={"flows": self.flows[:flows]}).model_dump_json()
        return text

    def _known(self, part: FlowPart) -> KnownFlow:
        flow = FlowKey(self.device.mac, part.proto, part.device_port, part.remote, part.remote_port)
        return KnownFlow(flow, part.host, part.by, part.learnt_at, part.opened_at)


def context_of(upload: Upload, known: Recollection, boot: str, offset: float) -> Context:
    """Return the context of an upload by what is known of its device; ``offset`` leads to wall-clock time.

    ``known`` has the flows that are in the file. Raises ValueError if the device has no MAC address.
    """
    first = [each for each in known.flows if each.flow == upload.flow]
    others = [each for each in reversed(known.flows) if each.flow != upload.flow]
    flows = [*(first or [KnownFlow(upload.flow, upload.host, upload.host_by, None, None)]), *others][:EVIDENCE_FLOWS]
    return Context(
        earwitness="evidence",
        version=1,
        boot=boot,
        offset=offset,
        device=_device_part(known, offset),
        upload=_upload_part(upload, offset),
        flows=tuple(_flow_part(each, upload.known_at, offset) for each in flows),
    )


def _device_part(known: Recollection, offset: float) -> DevicePart:
    device = known.device
    return DevicePart(
        mac=device.device,
        speaker=_said(device.speaker),
        vendor=_said(device.vendor),
        model=_said(device.model),
        name=_said(device.name),
        confidence=device.confidence,
        by=tuple(map(printed, device.by[:DEVICE_EVIDENCE_SHOWN])),
        booted_at=_wall(known.booted_at, offset),
    )


def _upload_part(upload: Upload, offset: float) -> UploadPart:
    return UploadPart(
        role=upload.role,
        started_at=max(upload.started_at + offset, 0.0),
        known_at=max(upload.known_at + offset, 0.0),
        ended_at=_wall(upload.ended_at, offset),
        bytes_up=upload.bytes_up,
        bytes_down=upload.bytes_down,
        detectors=upload.detectors,
        signature=upload.signature,
        confidence=upload.confidence,
    )


def _flow_part(known: KnownFlow, known_at: float, offset: float) -> FlowPart:
    """Return what is said of a flow; what the upload itself taught was not known when it was found."""
    _, proto, device_port, remote, remote_port = known.flow
    taught = known.learnt_at is not None and known.learnt_at > known_at
    return FlowPart(
        proto="tcp" if proto == "tcp" else "udp",
        device_port=device_port,
        remote=remote,
        remote_port=remote_port,
        host=known.host or None,
        by=known.by,
        learnt_at=None if taught else _wall(known.learnt_at, offset),
        opened_at=_wall(known.opened_at, offset),
    )


def _wall(time: float | None, offset: float) -> float | None:
    """Return wall-clock time; a clock that was never set may be before its epoch."""
    return None if time is None else max(time + offset, 0.0)


def _said(text: str | None) -> str | None:
    return None if text is None else printed(text)[:SIGHTING_CHARS]


def read_context(comments: Sequence[str]) -> Context | None:
    """Return what a capture's comments say of it as our evidence; None if it is none.

    Raises ContextError if it says that it is, but anything in it cannot be.
    """
    line = next((comment for comment in comments if comment.startswith(_BEGIN)), None)
    if line is None:
        return None
    if len(line.encode(errors="replace")) > EVIDENCE_CONTEXT_BYTES:
        raise ContextError(f"its description as evidence is longer than {EVIDENCE_CONTEXT_BYTES} bytes")
    try:
        return Context.model_validate_json(line)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, wrong["loc"]))[:SIGHTING_CHARS]
        problem = f"{place}: {wrong['msg']}" if place else wrong["msg"]
        raise ContextError(f"its description as evidence is not what Earwitness writes: {printed(problem)}") from None


def printed(text: str) -> str:
    """Return text from the network or a file as it may be shown anywhere."""
    return "".join(char if char.isprintable() else "?" for char in text)[:REGISTRY_EVIDENCE_CHARACTERS]
