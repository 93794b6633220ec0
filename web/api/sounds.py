# SPDX-License-Identifier: GPL-2.0-or-later
"""What the ears heard: wake words and stretches of speech, never the sound itself."""

from typing import Annotated

from flask import Response
from pydantic import Field

from appliance.diary.noted import Noted, noted
from appliance.events import Speech, Wake
from appliance.ledger.rows import SPEECH, WAKE
from appliance.limits import API_FACTS_MOST, API_PAGE
from appliance.report.contract import Part, Seconds, WakePart
from appliance.report.jsonl import wake_part
from web.access import Access, Scope, access
from web.api.resource import LAST, At, Moment, answer, answers, at, resource
from web.house import the_house

sounds = resource("sounds", "What the ears heard, newest first.")


class WakeItem(WakePart):
    """A wake word, or what nearly was one."""

    at: At
    simulated: bool


class SpeechItem(Part):
    """A stretch in which people talked."""

    started_at: Seconds
    ended_at: Seconds
    ear: str
    level: Annotated[float | None, Field(description="How loud, in dBFS.")]
    kind: Annotated[str, Field(description="speech, or other.")]
    at: At
    simulated: bool


class Wakes(Part):
    """A page of them, newest first."""

    items: list[WakeItem]
    next: Annotated[float | None, Field(description="The until of the next page; null: this is the last.")]


class Speeches(Part):
    """A page of them, newest first."""

    items: list[SpeechItem]
    next: Annotated[float | None, Field(description="The until of the next page; null: this is the last.")]


class FactsQuery(Part):
    """Which are wanted."""

    since: Moment = 0.0
    until: Moment = LAST
    limit: Annotated[int, Field(ge=1, le=API_FACTS_MOST, description="How many at once.")] = API_PAGE


@sounds.get("/sounds/wakes", responses=answers(Wakes))
@access(Access.VIEWER, scope=Scope.READ)
def list_wakes(query: FactsQuery) -> Response:
    """List wake words that ears heard, near misses too."""
    with the_house().reader() as reader:
        page = noted(reader, WAKE, query.since, query.until, query.limit)
    return answer(Wakes(items=[wake_item(each) for each in page.noted], next=page.until))


@sounds.get("/sounds/speech", responses=answers(Speeches))
@access(Access.VIEWER, scope=Scope.READ)
def list_speech(query: FactsQuery) -> Response:
    """List stretches in which people talked."""
    with the_house().reader() as reader:
        page = noted(reader, SPEECH, query.since, query.until, query.limit)
    return answer(Speeches(items=[speech_item(each) for each in page.noted], next=page.until))


def wake_item(found: Noted[Wake]) -> WakeItem:
    """Return how the API tells of a wake word."""
    return WakeItem(**dict(wake_part(found.fact)), at=at(found.fact.time), simulated=found.simulated)


def speech_item(found: Noted[Speech]) -> SpeechItem:
    """Return how the API tells of speech."""
    speech = found.fact
    return SpeechItem(
        started_at=speech.time,
        ended_at=speech.ended_at,
        ear=speech.ear,
        level=speech.level,
        kind=speech.kind,
        at=at(speech.time),
        simulated=found.simulated,
    )
