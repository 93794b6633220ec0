# SPDX-License-Identifier: GPL-2.0-or-later
"""What a speaker did over days: how much of it nobody asked for, whom it talked to, and what it let others read."""

from datetime import date
from typing import Annotated

from flask import Response, abort
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from appliance.diary.contacts import Contacts, contacts
from appliance.diary.exposed import exposed
from appliance.diary.history import Day, days_until, history
from appliance.events import ExposureKind, Role
from appliance.limits import HISTORY_DAYS
from appliance.report.contract import Part, Seconds
from appliance.report.words import local
from web.access import Access, Scope, access
from web.api.devices import DevicePath, known_device
from web.api.resource import Moment, answer, answers, resource
from web.house import the_house
from web.language import house_zone

speakers = resource("history", "What a speaker did over days.")


class HistoryDay(Part):
    """One day, from midnight to midnight by the clock in the house."""

    date: date
    started_at: Seconds
    ended_at: Seconds
    uploads: int
    bytes_up: int
    unexplained: Annotated[int, Field(description="Uploads of which the judge says that nobody called.")]
    misheard: Annotated[int, Field(description="Uploads after speech without its name, or after another's name.")]
    speech_s: Annotated[float, Field(description="Seconds of speech, as the ear near it heard that heard most.")]

    @classmethod
    def of(cls, day: Day) -> "HistoryDay":
        """Return how the API tells of a day."""
        return cls(
            date=local(day.start, house_zone()).date(),
            started_at=day.start,
            ended_at=day.end,
            uploads=day.uploads,
            bytes_up=day.bytes_up,
            unexplained=day.unexplained,
            misheard=day.misheard,
            speech_s=day.speech_s,
        )


class History(Part):
    """Days, the oldest first."""

    items: list[HistoryDay]


class HostItem(Part):
    """One host."""

    host: str
    last: Annotated[float, Field(description="When it was last asked for or sent to, in seconds since the epoch.")]
    uploads: Annotated[int, Field(description="That went there.")]


class RoleItem(Part):
    """What goes to hosts of one role."""

    role: Role
    bytes_up: int
    bytes_down: int
    hosts: Annotated[list[HostItem], Field(description="Those lately seen first.")]
    more: Annotated[int, Field(description="Hosts that are not told.")]

    @classmethod
    def of(cls, found: Contacts) -> "RoleItem":
        """Return how the API tells of the hosts of a role."""
        hosts = [HostItem(host=each.host, last=each.last, uploads=each.uploads) for each in found.hosts]
        return cls(role=found.role, bytes_up=found.bytes_up, bytes_down=found.bytes_down, hosts=hosts, more=found.more)


class Hosts(Part):
    """The roles of most upstream first."""

    items: list[RoleItem]


class ExposureItem(Part):
    """One thing that others could read."""

    kind: ExposureKind
    value: Annotated[str, Field(description="A TLS version, a host, the id of a rule: text from the network.")]
    first: Annotated[float, Field(description="When it was first seen, in seconds since the epoch.")]
    last: float


class Transport(Part):
    """What a device let others read."""

    items: list[ExposureItem]


class HistoryQuery(Part):
    """Which days are wanted."""

    until: Annotated[Moment | SkipJsonSchema[None], Field(description="The last day; left out: today.")] = None
    days: Annotated[int, Field(ge=1, le=HISTORY_DAYS, description="How many.")] = HISTORY_DAYS


@speakers.get("/devices/<device>/history", responses=answers(History))
@access(Access.VIEWER, scope=Scope.READ)
def get_history(path: DevicePath, query: HistoryQuery) -> Response:
    """Return what a speaker did day by day."""
    house, entry = the_house(), known_device(path.device)
    with house.reader() as reader:
        found = history(reader, house.registry.inventory, entry.mac, _days(query))
    return answer(History(items=[HistoryDay.of(each) for each in found]))


@speakers.get("/devices/<device>/hosts", responses=answers(Hosts))
@access(Access.VIEWER, scope=Scope.READ)
def get_hosts(path: DevicePath, query: HistoryQuery) -> Response:
    """Return whom a device talked to, by what the hosts are for."""
    house, entry, days = the_house(), known_device(path.device), _days(query)
    with house.reader() as reader:
        found = contacts(reader, house.rules, entry.mac, days[0][0], days[-1][1])
    return answer(Hosts(items=[RoleItem.of(each) for each in found]))


@speakers.get("/devices/<device>/transport", responses=answers(Transport))
@access(Access.VIEWER, scope=Scope.READ)
def get_transport(path: DevicePath) -> Response:
    """Return what a device let others read: TLS versions, plain text, identifiers."""
    entry = known_device(path.device)
    with the_house().reader() as reader:
        found = exposed(reader, entry.mac)
    items = [ExposureItem(kind=each.kind, value=each.value, first=each.first, last=each.last) for each in found]
    return answer(Transport(items=items))


def _days(query: HistoryQuery) -> list[tuple[float, float]]:
    try:
        return days_until(the_house().now() if query.until is None else query.until, query.days, house_zone())
    except (OverflowError, ValueError):
        abort(404, "No clock of ours shows that day.")
