# SPDX-License-Identifier: GPL-2.0-or-later
"""How the witness itself is at this moment: the state line, in words and as figures."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated

from flask import Response
from pydantic import Field

from appliance import __version__
from appliance.clocks import synchronised
from appliance.diary.calendar import Calendar, shifted
from appliance.diary.noted import Noted
from appliance.events import Finding, Service
from appliance.ledger import Reader, open_findings
from appliance.report.contract import Part, Seconds
from appliance.status import CaptureStatus, EarStatus, HubStatus, PortStatus, Status, alive, read_status
from web.access import Access, Scope, access
from web.api.findings import FindingItem
from web.api.resource import At, answer, answers, at, resource
from web.ears import AWAY, state_in_words, told_by_ears
from web.house import House, the_house
from web.language import house_zone
from web.pulse import pulse

status = resource("status", "How the witness is at this moment.")

_STATUSES: tuple[tuple[Service, type[Status]], ...] = (
    (Service.CAPTURE, CaptureStatus),
    (Service.EARS, EarStatus),
    (Service.HUB, HubStatus),
)


class TroubleItem(Part):
    """What takes the witness's sight, and what to do about it."""

    text: str
    remedy: str


class ServiceItem(Part):
    """One service."""

    service: Service
    running: bool
    state: Annotated[str | None, Field(description="watching, judging, stopped; then what is wrong. Null: unknown.")]
    version: str | None
    told_at: Annotated[float | None, Field(description="When it last said so, in seconds since the epoch.")]


class CaptureItem(Part):
    """What the capture sees; counts since it started."""

    placement: str
    ports: list[PortStatus]
    packets: int
    bytes: int
    lost: Annotated[int, Field(description="Frames.")]
    last_packet: float | None
    covered_until: Annotated[float, Field(description="Up to when all that it saw is in the ledger.")]
    uploading: Annotated[list[str], Field(description="Devices that send voice now.")]
    last_seen: Annotated[dict[str, float], Field(description="When each watched speaker last sent anything.")]
    shed: Annotated[dict[str, int], Field(description="What a bound turned away, and how many.")]


class NearlyItem(Part):
    """What was nearly a wake word; in no list of sounds."""

    time: Seconds
    word: str
    score: float


class EarLevel(Part):
    """How one ear is now; those of satellites too."""

    ear: str
    state: Annotated[str, Field(description="listening, away, or what is wrong.")]
    text: Annotated[str, Field(description="The same in the reader's language.")]
    level: Annotated[float | None, Field(description="dBFS.")]
    lost: int
    covered_until: float
    nearly: Annotated[list[NearlyItem], Field(description="Of the last minute.")]


class StatusAnswer(Part):
    """The state line. Times are seconds since the epoch."""

    time: Seconds
    at: At
    mood: Annotated[str, Field(description="good, notice or alert.")]
    text: Annotated[str, Field(description="The state in a few words, in the reader's language.")]
    troubles: list[TroubleItem]
    simulated: Annotated[bool, Field(description="The house that is shown does not exist.")]
    speakers: Annotated[int, Field(description="How many are watched.")]
    services: list[ServiceItem]
    capture: CaptureItem | None
    ears: list[EarLevel]
    synchronised: Annotated[bool, Field(description="A time server keeps the clock right.")]
    zone: Annotated[str, Field(description="The zone of the clock in the house.")]
    judged_until: Annotated[float | None, Field(description="Up to when everything is judged.")]
    open_uploads: int
    findings: Annotated[list[FindingItem], Field(description="Those that are open.")]
    version: str


@status.get("/status", responses=answers(StatusAnswer))
@access(Access.VIEWER, scope=Scope.READ)
def get_status() -> Response:
    """Return how the witness is at this moment."""
    return answer(status_of(the_house()))


def status_of(house: House) -> StatusAnswer:
    """Return how the witness of a house is at this moment."""
    told = {service: read_status(house.settings.paths.run, service, kind) for service, kind in _STATUSES}
    capture, hub = told[Service.CAPTURE], told[Service.HUB]
    now, felt = house.now(), pulse(house)
    with house.reader() as reader:
        calendar = Calendar(reader)
        boots = {name: boot for boot, name in reader.rows("SELECT id, boot_id FROM boot")}
        walls = {service: _wall(calendar, boots, each) for service, each in told.items()}
        ears = sorted(_levels(house, partial(_wall, calendar, boots)), key=lambda each: each.ear)
        findings = list(_open(reader, calendar, boots.get(capture.boot) if capture else None))
    judged = hub.judged_until if isinstance(hub, HubStatus) else None
    return StatusAnswer(
        time=now,
        at=at(now),
        mood=felt.mood,
        text=felt.pill,
        troubles=[TroubleItem(text=each.text, remedy=each.remedy) for each in felt.troubles],
        simulated=felt.simulated,
        speakers=sum(each.watched for each in house.registry.inventory.devices),
        services=[_service(service, each, walls[service]) for service, each in told.items()],
        capture=_capture(capture, walls[Service.CAPTURE]) if isinstance(capture, CaptureStatus) else None,
        ears=ears,
        synchronised=synchronised(),
        zone=str(house_zone()),
        judged_until=None if judged is None else walls[Service.HUB](judged),
        open_uploads=hub.open_uploads if isinstance(hub, HubStatus) else 0,
        findings=findings,
        version=__version__,
    )


Wall = Callable[[float], float]


def _wall(calendar: Calendar, boots: dict[str, int], told: Status | None) -> Wall:
    """Return what leads from the steady time of a status to the clock on the wall."""
    boot = boots.get(told.boot) if told else None
    return lambda time: calendar.wall(boot, time).time if boot is not None else time


def _open(reader: Reader, calendar: Calendar, boot: int | None) -> Iterator[FindingItem]:
    for service in Service if boot is not None else ():
        for fact in open_findings(reader, boot or 0, service):
            clock = calendar.wall(boot or 0, fact.time)
            found: Finding = shifted(fact, clock.time - fact.time)
            yield FindingItem.of(Noted(found, clock.synchronised, calendar.simulated(boot or 0)))


def _service(service: Service, told: Status | None, wall: Wall) -> ServiceItem:
    return ServiceItem(
        service=service,
        running=told is not None and told.state != "stopped" and alive(told.pid),
        state=told.state if told else None,
        version=told.version if told else None,
        told_at=wall(told.time) if told else None,
    )


def _capture(told: CaptureStatus, wall: Wall) -> CaptureItem:
    return CaptureItem(
        placement=told.placement,
        ports=list(told.ports),
        packets=told.packets,
        bytes=told.bytes,
        lost=told.lost,
        last_packet=None if told.last_packet is None else wall(told.last_packet),
        covered_until=wall(told.covered_until),
        uploading=list(told.uploading),
        last_seen={device: wall(time) for device, time in told.last_seen.items()},
        shed=told.shed,
    )


def _levels(house: House, wall_of: Callable[[Status], Wall]) -> Iterator[EarLevel]:
    for status, lately in told_by_ears(house):
        wall = wall_of(status)
        for name, ear in status.ears.items():
            state = ear.state if lately else AWAY
            yield EarLevel(
                ear=name,
                state=state,
                text=state_in_words(state),
                level=ear.level if lately else None,
                lost=ear.lost,
                covered_until=wall(ear.covered_until),
                nearly=[NearlyItem(time=wall(each.time), word=each.word, score=each.score) for each in ear.nearly],
            )
