# SPDX-License-Identifier: GPL-2.0-or-later
"""The newest facts of one kind, page by page, by the clock on the wall."""

from dataclasses import dataclass
from typing import Generic

from appliance.diary.calendar import Calendar, shifted
from appliance.ledger import Reader
from appliance.ledger.rows import F, Table

#: Rows of one stretch, by an index, and then by the very sum that is told: sums of floats may be off by their last bit.
_CLAUSE = """
WHERE boot = ? AND time >= ? AND time < ? AND time + ? >= ? AND time + ? < ? ORDER BY time DESC, id DESC LIMIT ?
"""
_NEARLY_S = 1.0


@dataclass(frozen=True, slots=True)
class Noted(Generic[F]):
    """One fact of the ledger, its times in wall-clock seconds."""

    fact: F
    synchronised: bool  #: a time server stood behind the clock
    simulated: bool  #: it never happened


@dataclass(frozen=True, slots=True)
class Page(Generic[F]):
    """Facts, those first that came last, and before which time there are more; None if there are not."""

    noted: tuple[Noted[F], ...]
    until: float | None


def noted(reader: Reader, table: Table[F], start: float, end: float, limit: int) -> Page[F]:
    """Return the ``limit`` newest facts that began from ``start`` to before ``end``; ``limit`` is at least 1.

    Those of one time stay together, so a page may have fewer; the page before ``until`` goes on with the next.
    """
    found: list[Noted[F]] = []
    with reader.one_view():
        calendar = Calendar(reader)
        for stretch in calendar.between(start - _NEARLY_S, end + _NEARLY_S):
            offset, simulated = stretch.offset, calendar.simulated(stretch.boot)
            within = (stretch.boot, stretch.since, stretch.until, offset, start, offset, end, limit + 1)
            found += [
                Noted(shifted(fact, offset), stretch.synchronised, simulated)
                for _, fact in reader.facts(table, _CLAUSE, within)
            ]
    found.sort(key=lambda each: each.fact.time, reverse=True)
    if len(found) <= limit:
        return Page(tuple(found), None)
    first_left_out = found[limit].fact.time
    page = [each for each in found[:limit] if each.fact.time > first_left_out] or found[:limit]
    return Page(tuple(page), page[-1].fact.time)
