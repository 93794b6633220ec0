# SPDX-License-Identifier: GPL-2.0-or-later
"""A stretch of wall-clock time as the ledger tells it: a report, as of a capture file, for lanes and sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from appliance.diary.calendar import Calendar, Stretch, shifted
from appliance.diary.covered import pieces
from appliance.diary.entries import Entry, entries
from appliance.events import CAPTURE, Device, Ear, Placement, Service, Upload
from appliance.language import later
from appliance.ledger import Reader
from appliance.ledger.rows import LOSS, SPEECH, UPLOAD, WAKE, F, Table
from appliance.limits import DIARY_LOOKS_BACK_S
from appliance.report.model import Captured, Report
from appliance.speakers.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Told:
    """What happened between two times, in wall-clock seconds. ``report`` has the verdicts of ``entries``."""

    report: Report
    entries: tuple[Entry, ...]  #: those that came last first
    judging: tuple[Upload, ...]  #: uploads that have no verdict yet
    simulated: bool


def tell(reader: Reader, inventory: Inventory, start: float, end: float, zone: tzinfo | None = None) -> Told:
    """Return what the ledger knows of ``start`` to before ``end``; names are as the household has them."""
    with reader.one_view():
        calendar = Calendar(reader)
        stretches = list(calendar.between(start - DIARY_LOOKS_BACK_S, end))
        uploads = list(_uploads(reader, stretches, start))
        speech = [speech for speech in _facts(reader, SPEECH, stretches) if speech.ended_at > start]
        coverages = [
            coverage
            for service in (Service.CAPTURE, Service.EARS)
            for stretch in stretches
            for coverage in pieces(reader, service, stretch)
            if coverage.ended_at > start
        ]
        losses = [loss for loss in _facts(reader, LOSS, stretches) if loss.ended_at > start]
        wakes = [wake for wake in _facts(reader, WAKE, stretches) if wake.time >= start]
        packets, traffic = _traffic(reader, stretches)
        simulated = any(_watched(reader, each) for each in stretches if calendar.simulated(each.boot))
    told = tuple(entries(reader, start=start, end=end))
    judged = {each.verdict.upload.key for each in told if each.verdict.upload}
    report = Report(
        captures=[Captured("", start, end, max(packets, 1), traffic)],
        uploads=uploads,
        verdicts=sorted((each.verdict for each in told), key=lambda verdict: verdict.time),
        devices=[*known_devices(inventory)],
        losses=losses,
        sounds=sorted([*wakes, *speech], key=lambda sound: sound.time),
        coverages=sorted(coverages, key=lambda coverage: coverage.time),
        ears=[each for each in inventory.furniture() if isinstance(each, Ear)],
        placements=[each for each in inventory.furniture() if isinstance(each, Placement)],
        listened=bool(inventory.ears) or any(each.source != CAPTURE for each in coverages),
        simulated=simulated,
        advice=later("With an ear in the room of a speaker, each upload gets its verdict."),
        zone=zone,
    )
    judging = tuple(each for each in uploads if each.key not in judged and each.started_at >= start)
    return Told(report, told, judging, simulated)


def days(reader: Reader) -> tuple[float, float] | None:
    """Return from when to when, in wall-clock seconds, the capture watched at all; None if it never did."""
    calendar = Calendar(reader)
    rows = reader.rows("SELECT boot, min(time), max(ended_at) FROM capture_coverage GROUP BY boot")
    if not rows:
        return None
    walls = [(calendar.wall(boot, first).time, calendar.wall(boot, last).time) for boot, first, last in rows]
    return min(first for first, _ in walls), max(last for _, last in walls)


def _facts(reader: Reader, table: Table[F], stretches: list[Stretch]) -> list[F]:
    clause = "WHERE boot = ? AND time >= ? AND time < ? ORDER BY time"
    return [
        shifted(fact, each.offset)
        for each in stretches
        for _, fact in reader.facts(table, clause, (each.boot, each.since, each.until))
    ]


def _uploads(reader: Reader, stretches: list[Stretch], start: float) -> Iterator[Upload]:
    """Yield each upload once, as it was described last, in order of time."""
    newest: dict[Any, Upload] = {}
    clause = "WHERE boot = ? AND started_at >= ? AND started_at < ? ORDER BY id"
    for each in stretches:
        for _, upload in reader.facts(UPLOAD, clause, (each.boot, each.since, each.until)):
            newest[each.boot, upload.key] = shifted(upload, each.offset)
    for upload in sorted(newest.values(), key=lambda upload: upload.started_at):
        if (upload.ended_at or upload.time) > start:
            yield upload


def _traffic(reader: Reader, stretches: list[Stretch]) -> tuple[int, int]:
    """Return the packets and bytes that were counted."""
    totals = [
        reader.rows(
            "SELECT coalesce(sum(packets), 0), coalesce(sum(bytes_up + bytes_down), 0) FROM traffic"
            " WHERE boot = ? AND time >= ? AND time < ?",
            (each.boot, each.since, each.until),
        )[0]
        for each in stretches
    ]
    return sum(packets for packets, _ in totals), sum(count for _, count in totals)


def _watched(reader: Reader, stretch: Stretch) -> bool:
    """Whether the capture watched in a stretch at all."""
    watched = "SELECT 1 FROM capture_coverage WHERE boot = ? AND time < ? AND ended_at > ? LIMIT 1"
    return bool(reader.rows(watched, (stretch.boot, stretch.until, stretch.since)))


def known_devices(inventory: Inventory) -> Iterator[Device]:
    """Yield every device that the registry knows, speakers as their owner says."""
    yield from inventory.described()
    for each in inventory.devices:
        if not each.watched and each.found:
            found = each.found
            yield Device(0.0, each.mac, None, found.vendor, each.model, each.name, found.confidence, found.by)
