# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of a stretch of time each source was watching."""

from collections.abc import Iterator
from itertools import starmap

from appliance.diary.calendar import Calendar, Stretch, shifted
from appliance.events import Coverage, Service
from appliance.ledger import Reader
from appliance.ledger.rows import COVERAGES
from appliance.limits import DIARY_LOOKS_BACK_S
from appliance.report.spans import Span, clipped, joined

#: Seconds between two stretches that are one: no word has room between them.
_SEAM_S = 0.5


def covered(reader: Reader, service: Service, start: float, end: float) -> dict[str, float]:
    """Return for each source of a service the seconds that it covered from ``start`` to ``end``, by the wall clock."""
    spans: dict[str, list[Span]] = {}
    for fact in _facts(reader, service, start, end):
        spans.setdefault(fact.source, []).append(Span(fact.time, fact.ended_at))
    return {
        source: sum(span.end - span.start for span in clipped(joined(found), Span(start, end)))
        for source, found in spans.items()
    }


def stretches(reader: Reader, service: Service, start: float, end: float) -> dict[str, list[Span]]:
    """Return for each source of a service from when to when it missed nothing, between two wall-clock times."""
    spans: dict[str, list[Span]] = {}
    for fact in _facts(reader, service, start, end):
        found = spans.setdefault(fact.source, [])
        if not fact.lost:
            found.append(Span(fact.time, fact.ended_at))
    return {ear: list(clipped(joined(found, _SEAM_S), Span(start, end))) for ear, found in spans.items()}


def pieces(reader: Reader, service: Service, stretch: Stretch) -> Iterator[Coverage]:
    """Yield what a service covered in a stretch; what it told of bit by bit, without a gap, is one."""
    rows = reader.rows(
        f"SELECT time + ?, ended_at + ?, source, lost FROM {COVERAGES[service].name}"
        " WHERE boot = ? AND time >= ? AND time < ? ORDER BY time",
        (stretch.offset, stretch.offset, stretch.boot, stretch.since, stretch.until),
    )
    newest: dict[str, Coverage] = {}
    for each in starmap(Coverage, rows):
        before = newest.get(each.source)
        if before and each.time - before.ended_at <= _SEAM_S:
            until, lost = max(before.ended_at, each.ended_at), before.lost + each.lost
            newest[each.source] = Coverage(before.time, until, each.source, lost)
        else:
            if before:
                yield before
            newest[each.source] = each
    yield from newest.values()


def _facts(reader: Reader, service: Service, start: float, end: float) -> Iterator[Coverage]:
    """Yield the coverage that a service told of from ``start`` to ``end``, by the wall clock."""
    with reader.one_view():
        for each in Calendar(reader).between(start, end):
            facts = reader.facts(
                COVERAGES[service],
                "WHERE boot = ? AND time >= ? AND time < ? ORDER BY time",
                (each.boot, each.since - DIARY_LOOKS_BACK_S, each.until),
            )
            for _, fact in facts:
                yield shifted(fact, each.offset)
