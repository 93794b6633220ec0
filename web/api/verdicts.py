# SPDX-License-Identifier: GPL-2.0-or-later
"""Verdicts in the order in which they were given, revisions too: for programs that follow what happens."""

from typing import Annotated

from flask import Response
from pydantic import Field

from appliance.diary.calendar import Calendar, shifted
from appliance.ledger import Reader
from appliance.ledger.rows import VERDICT
from appliance.limits import API_PAGE, API_PAGE_MOST
from appliance.report.contract import Part, VerdictPart
from appliance.report.jsonl import verdict_part
from appliance.report.rows import moment
from web.access import Access, Scope, access
from web.api.resource import ROW_MOST, At, answer, answers, at, resource
from web.house import the_house

verdicts = resource("verdicts", "Every verdict as it was given, the oldest first.")

_ROWS = """
SELECT id, boot, (SELECT first.id FROM verdict AS first WHERE first.boot = verdict.boot
  AND first.moment = verdict.moment AND first.about = verdict.about ORDER BY first.final LIMIT 1)
FROM verdict WHERE id > ? ORDER BY id LIMIT ?
"""


class VerdictItem(Part):
    """One verdict as it was given; that which revises it comes later, and is final."""

    id: Annotated[int, Field(description="Grows with each verdict.")]
    entry: Annotated[int, Field(description="Which entry of /uploads it is about.")]
    at: At
    simulated: Annotated[bool, Field(description="It never happened.")]
    final: Annotated[bool, Field(description="False: the upload goes on, and the verdict may change.")]
    verdict: VerdictPart


class Verdicts(Part):
    """Some of them, oldest first."""

    items: list[VerdictItem]
    next: Annotated[int, Field(description="Ask for what came since this one, now or later.")]
    more: Annotated[bool, Field(description="There is more already.")]


class VerdictsQuery(Part):
    """Which are wanted."""

    since: Annotated[int, Field(ge=0, le=ROW_MOST, description="Only those after the one of this id.")] = 0
    limit: Annotated[int, Field(ge=1, le=API_PAGE_MOST, description="How many at once.")] = API_PAGE


@verdicts.get("/verdicts", responses=answers(Verdicts))
@access(Access.VIEWER, scope=Scope.READ)
def list_verdicts(query: VerdictsQuery) -> Response:
    """List verdicts since the one of an id, oldest first; ask again with what the answer calls next."""
    with the_house().reader() as reader:
        last, found = verdicts_since(reader, query.since, query.limit)
        more = reader.last(VERDICT) > last
    return answer(Verdicts(items=found, next=last, more=more))


def verdicts_since(reader: Reader, since: int, limit: int) -> tuple[int, list[VerdictItem]]:
    """Return up to which id the ledger was read, and the verdicts after ``since``."""
    with reader.one_view():
        rows = {id_: (boot, first) for id_, boot, first in reader.rows(_ROWS, (since, limit))}
        last = max(rows, default=since)
        facts = reader.facts(VERDICT, "WHERE id > ? AND id <= ? ORDER BY id", (since, last))
        calendar = Calendar(reader)
    found = []
    for id_, fact in facts:
        boot, first = rows[id_]
        clock = calendar.wall(boot, moment(fact))
        verdict = shifted(fact, clock.time - moment(fact))
        found.append(
            VerdictItem(
                id=id_,
                entry=first,
                at=at(clock.time),
                simulated=calendar.simulated(boot),
                final=verdict.final,
                verdict=verdict_part(verdict),
            )
        )
    return last, found
