# SPDX-License-Identifier: GPL-2.0-or-later
"""A report for programs: JSON lines, one object a line with a ``type``. The contract is docs/jsonl.md."""

from collections import Counter
from collections.abc import Iterator

from appliance.events import Device, FlowKey, Loss, Upload, Verdict, Wake
from appliance.report.contract import (
    DamagePart,
    DeviceLine,
    EvidencePart,
    FlowPart,
    Line,
    LossLine,
    SummaryLine,
    UploadKeyPart,
    UploadLine,
    UploadPart,
    VerdictLine,
    VerdictPart,
    WakePart,
)
from appliance.report.model import Report, together


def json_lines(*reports: Report) -> Iterator[str]:
    """Every line, without line ends: of each report devices, losses, uploads, verdicts, and one summary last."""
    for report in reports:
        for line in _lines(report):
            yield line.json_line()
    yield _summary(together(reports)).json_line()


def _lines(report: Report) -> Iterator[Line]:
    yield from map(device_line, report.devices)
    yield from map(loss_line, report.losses)
    for upload in report.uploads:
        yield upload_line(upload, report.capture_at(upload.started_at))
    for verdict in report.verdicts:
        yield verdict_line(verdict, report.capture_at(_moment(verdict)))


def upload_line(upload: Upload, capture: str) -> UploadLine:
    """The line of one completed upload found in ``capture``."""
    return UploadLine(capture=capture, **dict(upload_part(upload)))


def upload_part(upload: Upload) -> UploadPart:
    """What is told of an upload, wherever it was found; one that goes on ends where it is known to be going on."""
    return UploadPart(
        device=upload.flow.device,
        speaker=upload.speaker,
        flow=_flow(upload.flow),
        host=upload.host,
        host_by=upload.host_by,
        role=upload.role,
        started_at=upload.started_at,
        known_at=upload.known_at,
        ended_at=upload.time if upload.ended_at is None else upload.ended_at,
        bytes_up=upload.bytes_up,
        bytes_down=upload.bytes_down,
        detectors=list(upload.detectors),
        signature=upload.signature,
        confidence=upload.confidence,
    )


def verdict_line(verdict: Verdict, capture: str) -> VerdictLine:
    """The line of one final verdict on what was found in ``capture``."""
    return VerdictLine(capture=capture, **dict(verdict_part(verdict)))


def verdict_part(verdict: Verdict) -> VerdictPart:
    """What is told of a verdict, wherever that was found which it is about."""
    upload = verdict.upload
    return VerdictPart(
        time=verdict.time,
        verdict=verdict.verdict,
        tell=verdict.tell,
        confidence=verdict.confidence,
        device=verdict.device,
        upload=UploadKeyPart(flow=_flow(upload.flow), started_at=upload.started_at) if upload else None,
        wake=wake_part(verdict.wake) if verdict.wake else None,
        evidence=[EvidencePart(key=e.key, value=e.value, text=e.text) for e in verdict.evidence],
        rules=verdict.rules,
    )


def device_line(device: Device) -> DeviceLine:
    """The line of one device."""
    return DeviceLine(
        time=device.time,
        device=device.device,
        speaker=device.speaker,
        vendor=device.vendor,
        model=device.model,
        name=device.name,
        confidence=device.confidence,
        by=list(device.by),
    )


def loss_line(loss: Loss) -> LossLine:
    """The line of one loss."""
    return LossLine(
        started_at=loss.time, ended_at=loss.ended_at, device=loss.device, what=loss.what, missing=loss.missing
    )


def _summary(report: Report) -> SummaryLine:
    return SummaryLine(
        captures=[capture.path for capture in report.captures],
        simulated=report.simulated,
        listened=report.listened,
        started_at=report.started_at,
        ended_at=report.ended_at,
        seconds=report.ended_at - report.started_at,
        packets=report.packets,
        bytes=report.bytes,
        devices=len(report.devices),
        uploads=len(report.uploads),
        by_verdict=dict(sorted(Counter(verdict.verdict for verdict in report.verdicts).items())),
        damage=[
            DamagePart(capture=capture.path, offset=capture.damaged_at, what=capture.damage or "unknown")
            for capture in report.captures
            if capture.damaged_at is not None
        ],
        shed=dict(report.shed),
    )


def _flow(flow: FlowKey) -> FlowPart:
    return FlowPart.model_validate(
        {
            "proto": flow.proto,
            "device_port": flow.device_port,
            "remote": flow.remote,
            "remote_port": flow.remote_port,
        }
    )


def wake_part(wake: Wake) -> WakePart:
    """What is told of a wake word."""
    return WakePart(time=wake.time, ear=wake.ear, word=wake.word, score=wake.score, near_miss=wake.near_miss)


def _moment(verdict: Verdict) -> float:
    if verdict.upload:
        return verdict.upload.started_at
    return verdict.wake.time if verdict.wake else verdict.time
