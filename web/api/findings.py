# SPDX-License-Identifier: GPL-2.0-or-later
"""What limits the appliance as a witness: losses of sight and other trouble of its own."""

from typing import Annotated

from flask import Response
from pydantic import Field

from appliance.diary.noted import Noted, noted
from appliance.events import Finding, Service
from appliance.ledger.rows import FINDINGS
from appliance.report.contract import EvidencePart, Part, Seconds
from web.access import Access, Scope, access
from web.api.resource import At, answer, answers, at, resource
from web.api.sounds import FactsQuery
from web.house import the_house

findings = resource("findings", "Trouble of the appliance's own, newest first.")


class FindingItem(Part):
    """One trouble, as it began or as it ended."""

    source: Annotated[Service, Field(description="Which service found it.")]
    kind: Annotated[str, Field(description="Stable name, for programs.")]
    device: Annotated[str | None, Field(description="The device, port or ear that it concerns.")]
    started_at: Seconds
    ended_at: Annotated[float | None, Field(description="Null: told when it began.")]
    text: Annotated[str, Field(description="A sentence, for people.")]
    figures: list[EvidencePart]
    at: At
    simulated: bool

    @classmethod
    def of(cls, found: Noted[Finding]) -> "FindingItem":
        """Return how the API tells of a finding."""
        fact = found.fact
        return cls(
            source=fact.source,
            kind=fact.kind,
            device=fact.device,
            started_at=fact.time,
            ended_at=fact.ended_at,
            text=fact.text,
            figures=[EvidencePart(key=each.key, value=each.value, text=each.text) for each in fact.figures],
            at=at(fact.time),
            simulated=found.simulated,
        )


class Findings(Part):
    """A page of them, those first that began last."""

    items: list[FindingItem]
    next: Annotated[float | None, Field(description="The until of the next page; null: this is the last.")]


class FindingsQuery(FactsQuery):
    """Which are wanted."""

    source: Annotated[Service, Field(description="Those that this service found.")] = Service.HUB


@findings.get("/findings", responses=answers(Findings))
@access(Access.VIEWER, scope=Scope.READ)
def list_findings(query: FindingsQuery) -> Response:
    """List findings of one service; those that are open now are in /status.

    Each is told when it begins, and once more, with its end and the same start, when it is over.
    """
    with the_house().reader() as reader:
        page = noted(reader, FINDINGS[query.source], query.since, query.until, query.limit)
    return answer(Findings(items=[FindingItem.of(each) for each in page.noted], next=page.until))
