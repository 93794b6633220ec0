# SPDX-License-Identifier: GPL-2.0-or-later
"""A report laid out in time: windows (days), a lane for each speaker, and what lies on it. Nothing is drawn here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import NamedTuple

from appliance import limits
from appliance.events import Coverage, Ear, Placement, Speech, Verdict, Wake
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.spans import Span, clipped, joined, without
from appliance.report.words import Kind, local, words_for

#: A capture no longer than this is shown from its start to its end; a longer one by whole days.
SHORT_CAPTURE = 6 * 3600.0
#: Capture files that follow each other this closely are one capture that was rotated.
ROTATION_GAP = 2.0
#: An ear writes down what it covered in parts; seams no wider than this are no gap.
COVERAGE_SEAM = 1.0


class Mark(NamedTuple):
    """One or more verdicts of one kind, at one place of a lane."""

    start: float
    end: float
    kind: Kind
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """What one speaker did and what could be heard around it; ``blind``: no ear of its room was listening."""

    device: str
    name: str
    marks: Sequence[Mark]
    wakes: Sequence[Wake]
    speech: Sequence[Span]
    blind: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Window:
    """One picture: a day, or a whole short capture, with ``watched`` where packets were captured."""

    span: Span
    whole_day: bool
    watched: Sequence[Span]
    lanes: Sequence[Lane]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All windows that are shown, and how many days and lanes there was no room for."""

    windows: Sequence[Window]
    days_left_out: int
    lanes_left_out: int


def lay_out(report: Report, names: Names) -> Timeline:
    """Lay ``report`` out in windows and lanes; the latest days are kept where there are too many."""
    devices = _devices_with_lanes(report, names)
    watched = _watched(report)
    lanes = [_lane(report, names, device, watched) for device in devices[: limits.LANES_SHOWN]]
    spans = _windows(report, watched)
    shown = spans[-limits.DAYS_SHOWN :]
    whole_day = report.ended_at - report.started_at > SHORT_CAPTURE
    windows = [
        Window(span, whole_day, list(clipped(watched, span)), [_cut(lane, span) for lane in lanes]) for span in shown
    ]
    return Timeline(windows, len(spans) - len(shown), max(0, len(devices) - limits.LANES_SHOWN))


def lane_at(timeline: Timeline, device: str | None, time: float) -> Lane | None:
    """Return the lane of ``device`` in the window that shows ``time``; None if there is none."""
    windows = (window for window in timeline.windows if window.span.start <= time <= window.span.end)
    return next((lane for window in windows for lane in window.lanes if lane.device == device), None)


def neighbours_merged(marks: Iterable[Mark], within: float) -> list[Mark]:
    """``marks`` with those of one kind less than ``within`` seconds apart made one; kinds are never mixed."""
    last: dict[Kind, int] = {}
    result: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        at = last.get(mark.kind)
        if at is not None and mark.start - result[at].end < within:
            before = result[at]
            result[at] = before._replace(end=max(before.end, mark.end), verdicts=before.verdicts + mark.verdicts)
        else:
            last[mark.kind] = len(result)
            result.append(mark)
    return result


def hears(ear: Ear, placement: Placement) -> bool:
    """Whether ``ear`` counts for a speaker placed so: same room, or either of them has none."""
    return ear.room is None or placement.room is None or ear.room == placement.room


def ears_of(report: Report, placement: Placement) -> set[str]:
    """The names of the ears that count for a speaker; an ear that nobody described hears the whole home."""
    described = {ear.ear: ear for ear in report.ears}
    heard_from = {sound.ear for sound in report.sounds}
    heard_from |= {coverage.source for coverage in report.coverages if coverage.source != "capture"}
    every = described | {name: Ear(name) for name in heard_from - described.keys()}
    return {name for name, ear in every.items() if hears(ear, placement)}


def _devices_with_lanes(report: Report, names: Names) -> list[str]:
    placed = [placement.device for placement in report.placements]
    speakers = sorted((device.device for device in report.devices if device.speaker), key=names.of)
    senders = sorted({upload.flow.device for upload in report.uploads}, key=names.of)
    return list(dict.fromkeys([*placed, *speakers, *senders]))


def _lane(report: Report, names: Names, device: str, watched: Sequence[Span]) -> Lane:
    placement = names.placement(device)
    ears = ears_of(report, placement)
    words = placement.wake_words
    wakes = [s for s in report.sounds if isinstance(s, Wake) and s.ear in ears and (not words or s.word in words)]
    wakes.sort(key=lambda wake: wake.time)
    speech = [Span(s.time, s.ended_at) for s in report.sounds if isinstance(s, Speech) and s.ear in ears]
    marks = [mark for verdict in report.verdicts if verdict.device == device for mark in _marks(verdict)]
    listening = joined(_covered(report.coverages, ears), COVERAGE_SEAM)
    blind = list(without(watched, listening)) if report.listened else []
    return Lane(device, names.of(device), marks, wakes, joined(speech), blind)


def _marks(verdict: Verdict) -> Iterator[Mark]:
    kind = words_for(verdict).kind
    if verdict.upload:
        yield Mark(verdict.upload.started_at, verdict.upload.ended_at or verdict.upload.time, kind, (verdict,))
    elif verdict.wake:
        yield Mark(verdict.wake.time, verdict.wake.time, kind, (verdict,))


def _covered(coverages: Iterable[Coverage], sources: set[str]) -> Iterable[Span]:
    return (Span(coverage.time, coverage.ended_at) for coverage in coverages if coverage.source in sources)


def _watched(report: Report) -> list[Span]:
    said = list(_covered(report.coverages, {"capture"}))
    files = [Span(capture.started_at, capture.ended_at) for capture in report.captures if capture.packets]
    return joined(said or files, ROTATION_GAP)


def _windows(report: Report, watched: Sequence[Span]) -> list[Span]:
    start, end = report.started_at, report.ended_at
    if end - start <= SHORT_CAPTURE:
        return [Span(start, max(end, start + 1.0))]
    return list(dict.fromkeys(day for span in watched for day in _days(span, report.zone)))


def _days(span: Span, zone: tzinfo | None) -> Iterator[Span]:
    midnight = local(span.start, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight.timestamp() < span.end:
        following = midnight + timedelta(days=1)  # by the wall clock: daylight saving makes it 23 or 25 hours
        yield Span(midnight.timestamp(), following.timestamp())
        midnight = following


def _cut(lane: Lane, window: Span) -> Lane:
    return replace(
        lane,
        marks=[mark for mark in lane.marks if mark.end >= window.start and mark.start < window.end],
        wakes=[wake for wake in lane.wakes if window.start <= wake.time < window.end],
        speech=list(clipped(lane.speech, window)),
        blind=list(clipped(lane.blind, window)),
    )
