# SPDX-License-Identifier: GPL-2.0-or-later
"""How much devices sent and got, by what the other side is for."""

from enum import StrEnum
from typing import Annotated

from flask import Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from appliance.diary.traffic import sums
from appliance.events import Role
from appliance.limits import API_STEPS
from appliance.report.contract import Part
from web.access import Access, Scope, access
from web.api.resource import At, Mac, Moment, answer, answers, at, resource
from web.house import the_house

traffic = resource("traffic", "Traffic per device and role.")


class Step(StrEnum):
    """How finely it is added up."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


_SECONDS = {Step.MINUTE: 60.0, Step.HOUR: 3_600.0, Step.DAY: 86_400.0}


class TrafficItem(Part):
    """What one device sent to and got from all hosts of one role."""

    at: At
    time: Annotated[float, Field(description="From when on, in seconds since the epoch; it lasts for one step.")]
    device: str
    role: Role
    bytes_up: int
    bytes_down: int
    packets: int


class Traffic(Part):
    """The sums, in order of time."""

    items: list[TrafficItem]
    since: float
    until: Annotated[float, Field(description="Up to when they go: no more than is told at once.")]
    step: Annotated[float, Field(description="Seconds that each sum is of.")]


class TrafficQuery(Part):
    """What is wanted."""

    since: Annotated[Moment | SkipJsonSchema[None], Field(description="Left out: as much as is told at once.")] = None
    until: Annotated[Moment | SkipJsonSchema[None], Field(description="Left out: until now.")] = None
    device: Mac | SkipJsonSchema[None] = None
    step: Annotated[Step, Field(description="How finely it is added up.")] = Step.HOUR


@traffic.get("/traffic", responses=answers(Traffic))
@access(Access.VIEWER, scope=Scope.READ)
def list_traffic(query: TrafficQuery) -> Response:
    """Add up the traffic of a stretch of time; of a long one, the beginning."""
    house, step = the_house(), _SECONDS[query.step]
    until = house.now() if query.until is None else query.until
    since = until - API_STEPS * step if query.since is None else query.since
    until = min(until, since + API_STEPS * step)
    with house.reader() as reader:
        found = sums(reader, since, until, step)
    items = [
        TrafficItem(at=at(each.time), **each._asdict())
        for each in found
        if query.device is None or each.device == query.device
    ]
    return answer(Traffic(items=items, since=since, until=until, step=step))
