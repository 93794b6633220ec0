# SPDX-License-Identifier: GPL-2.0-or-later
"""What is usual for a speaker, by its last uploads, and how one of them compares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from appliance.diary.entries import Entry
from appliance.events import Role, Upload
from appliance.report.words import local

#: Fewer uploads than this make nothing usual.
FEW = 8
#: The share of uploads that lie outside of what is called usual, on each side.
TAIL = 0.1


@dataclass(frozen=True, slots=True)
class Usual:
    """What ``count`` other uploads of a speaker have been like."""

    count: int
    size: tuple[float, float]  #: bytes, from and to which most have
    length: tuple[float, float]  #: seconds
    same_hour: int  #: how many began in the same hour of the day


def usual(upload: Upload, entries: Iterable[Entry], zone: tzinfo) -> Usual | None:
    """Compare an upload with its speaker's ``entries``; None if these are too few. Calls are compared with none."""
    others = [
        each.verdict.upload
        for each in entries
        if each.verdict.upload and each.verdict.upload.role is Role.VOICE and each.verdict.upload.key != upload.key
    ]
    if len(others) < FEW or upload.role is not Role.VOICE:
        return None
    sizes, lengths = [float(each.bytes_up) for each in others], [lasted(each) for each in others]
    hour = local(upload.started_at, zone).hour
    return Usual(
        count=len(others),
        size=_most(sizes),
        length=_most(lengths),
        same_hour=sum(local(each.started_at, zone).hour == hour for each in others),
    )


def lasted(upload: Upload) -> float:
    """Return for how many seconds an upload has lasted."""
    return (upload.time if upload.ended_at is None else upload.ended_at) - upload.started_at


def _most(values: Sequence[float]) -> tuple[float, float]:
    """Return between which values all but the tails lie."""
    ordered = sorted(values)
    cut = int(len(ordered) * TAIL)
    return ordered[cut], ordered[-1 - cut]
