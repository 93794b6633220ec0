# SPDX-License-Identifier: GPL-2.0-or-later
"""A day as Home shows it: the sentence, a lane for each speaker, and what could not be seen or heard."""

from datetime import date
from typing import Annotated, NamedTuple

from flask import Response, abort
from pydantic import AfterValidator, Field

from appliance.diary.day import Told, tell
from appliance.diary.day import days as watched_days
from appliance.events import CAPTURE
from appliance.report.contract import LossLine, Part, Seconds
from appliance.report.headline import Headline, Mood, headline
from appliance.report.jsonl import loss_line
from appliance.report.lanes import sent_in_words
from appliance.report.names import Names
from appliance.report.spans import Span
from appliance.report.timeline import Lane, Timeline, Window, lay_out
from appliance.report.words import Kind, local
from web.access import Access, Scope, access
from web.api.resource import answer, answers, resource
from web.day import bounds
from web.house import the_house
from web.language import house_zone

days = resource("days", "What happened, day by day.")


class UploadSpan(NamedTuple):
    """An upload on a lane, or a wake word that none followed (then it ends as it starts, with 0 bytes)."""

    start: float
    end: float
    bytes: int
    verdict: str
    kind: Kind
    id: int


class WakeSpan(NamedTuple):
    """A wake word on a lane."""

    time: float
    word: str
    score: float
    near_miss: bool
    ear: str


class LaneItem(Part):
    """One speaker's day. Times are seconds since the epoch."""

    device: str
    name: str
    sent: Annotated[str, Field(description="How much it sent, in the reader's language.")]
    uploads: list[UploadSpan]
    wakes: Annotated[list[WakeSpan], Field(description="Its names, as ears heard them that count for it.")]
    speech: Annotated[list[Span], Field(description="When people talked where such an ear heard it.")]
    blind: Annotated[list[Span], Field(description="When no such ear was listening, though packets were captured.")]


class JudgingItem(Part):
    """An upload that has no verdict yet."""

    device: str
    started_at: Seconds
    bytes_up: int


class HeadlineItem(Part):
    """The day in one sentence, in the reader's language."""

    mood: Mood
    kicker: str
    sentence: str
    detail: str


class Day(Part):
    """One day, from midnight to midnight by the clock in the house."""

    date: date
    zone: Annotated[str, Field(description="The zone of that clock.")]
    started_at: Seconds
    ended_at: Seconds
    simulated: Annotated[bool, Field(description="Some of it never happened.")]
    listened: Annotated[bool, Field(description="False: there was no ear, so every upload is unheard.")]
    headline: HeadlineItem
    watched: Annotated[list[Span], Field(description="When packets were captured; there are gaps between.")]
    lanes: list[LaneItem]
    lanes_left_out: int
    judging: list[JudgingItem]
    losses: list[LossLine]


class Days(Part):
    """Of which days there is anything."""

    first: date | None
    last: date | None
    zone: Annotated[str, Field(description="The zone of the clock in the house.")]


def _calendar_day(text: str) -> str:
    date.fromisoformat(text)
    return text


class DayPath(Part):
    """Which one."""

    date: Annotated[
        str,
        Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}, description="YYYY-MM-DD."),
        AfterValidator(_calendar_day),
    ]


@days.get("/days", responses=answers(Days))
@access(Access.VIEWER, scope=Scope.READ)
def list_days() -> Response:
    """Say from which day to which day the house was watched."""
    with the_house().reader() as reader:
        span = watched_days(reader)
    first, last = (local(each, house_zone()).date() for each in span) if span else (None, None)
    return answer(Days(first=first, last=last, zone=str(house_zone())))


@days.get("/days/<date>", responses=answers(Day))
@access(Access.VIEWER, scope=Scope.READ)
def get_day(path: DayPath) -> Response:
    """Return one day: what was sent, what was heard, and where nobody could see or hear."""
    house, asked = the_house(), date.fromisoformat(path.date)
    try:
        start, end = bounds(asked, house_zone())
    except ValueError:
        abort(404, "No clock of ours shows that day.")
    with house.reader() as reader:
        told = tell(reader, house.registry.inventory, start, end, house_zone())
    names = Names(told.report)
    head, timeline = headline(told.report, names), lay_out(told.report, names)
    return answer(day_item(told, head, timeline, asked, Span(start, end)))


def day_item(told: Told, head: Headline, timeline: Timeline, day: date, span: Span) -> Day:
    """Return how the API tells of what was ``told`` of a day, which lasts for ``span``, and laid out in time."""
    report = told.report
    ids = {id(each.verdict): each.id for each in told.entries}
    window = next((each for each in timeline.windows if each.span.start <= span.start < each.span.end), None)
    return Day(
        date=day,
        zone=str(report.zone),
        started_at=span.start,
        ended_at=span.end,
        simulated=told.simulated,
        listened=report.listened,
        headline=HeadlineItem(**head._asdict()),
        watched=list(window.watched) if window and any(each.source == CAPTURE for each in report.coverages) else [],
        lanes=_lanes(window, ids) if window else [],
        lanes_left_out=timeline.lanes_left_out,
        judging=[
            JudgingItem(device=each.flow.device, started_at=each.started_at, bytes_up=each.bytes_up)
            for each in told.judging
        ],
        losses=[loss_line(each) for each in report.losses],
    )


def _lanes(window: Window, ids: dict[int, int]) -> list[LaneItem]:
    return [
        LaneItem(
            device=lane.device,
            name=lane.name,
            sent=sent_in_words(lane),
            uploads=_uploads(lane, ids),
            wakes=[WakeSpan(each.time, each.word, each.score, each.near_miss, each.ear) for each in lane.wakes],
            speech=list(lane.speech),
            blind=list(lane.blind),
        )
        for lane in window.lanes
    ]


def _uploads(lane: Lane, ids: dict[int, int]) -> list[UploadSpan]:
    return [
        UploadSpan(
            mark.start,
            mark.end,
            verdict.upload.bytes_up if verdict.upload else 0,
            verdict.verdict,
            mark.kind,
            ids[id(verdict)],
        )
        for mark in lane.marks
        for verdict in mark.verdicts
    ]
