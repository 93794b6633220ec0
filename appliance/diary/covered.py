# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of a stretch of time each source was watching."""

from appliance.diary.calendar import Calendar
from appliance.events import Service
from appliance.ledger import Reader
from appliance.ledger.rows import COVERAGES
from appliance.limits import DIARY_LOOKS_BACK_S
from appliance.report.spans import Span, clipped, joined


def covered(reader: Reader, service: Service, start: float, end: float) -> dict[str, float]:
    """Return for each source of a service the seconds that it covered from ``start`` to ``end``, by the wall clock."""
    spans: dict[str, list[Span]] = {}
    with reader.one_view():
        for each in Calendar(reader).between(start, end):
            facts = reader.facts(
                COVERAGES[service],
                "WHERE boot = ? AND time >= ? AND time < ? ORDER BY time",
                (each.boot, each.since - DIARY_LOOKS_BACK_S, each.until),
            )
            for _, fact in facts:
                spans.setdefault(fact.source, []).append(Span(fact.time + each.offset, fact.ended_at + each.offset))
    return {
        source: sum(span.end - span.start for span in clipped(joined(found), Span(start, end)))
        for source, found in spans.items()
    }
