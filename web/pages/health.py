# SPDX-License-Identifier: GPL-2.0-or-later
"""Health: whether the witness itself is well; what it could not see, and why; and help for those who seek a fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appliance.diary.covered import covered
from appliance.diary.noted import noted
from appliance.events import Finding, Service
from appliance.health import Reading
from appliance.language import later, translate
from appliance.ledger import LedgerError, Reader
from appliance.ledger.rows import FINDINGS
from appliance.limits import HEALTH_FINDINGS
from appliance.status import HubStatus, Status, read_ears, read_status
from appliance.upkeep.journal import journal_tail
from appliance.upkeep.support import bundle, versions
from web.access import Access, access
from web.day import ShownDay, shown_day
from web.gate import is_owner
from web.house import House, the_house
from web.language import house_zone, number, size
from web.pulse import pulse, reading_of
from web.selftest import the_selftest

health = Blueprint("health", __name__)

#: What services say of themselves where all is right.
_STATES = {
    later("starting"),
    later("watching"),
    later("listening"),
    later("judging"),
    later("stopped"),
    later("no microphone is set"),
}


@dataclass(frozen=True, slots=True)
class Watched:
    """How much of a day one source was watching."""

    source: str
    seconds: float
    share: float  #: of what there was of the day


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger tells of the witness's own sight."""

    day: ShownDay
    network: list[Watched]
    ears: list[Watched]
    findings: list[Finding]  #: newest first; times are wall-clock seconds
    size: int  #: bytes of the ledger


@health.get("/health")
@access(Access.VIEWER)
def show() -> str:
    """Show how the witness is."""
    house = the_house()
    reading = reading_of(house)
    return render_template(
        "health.html",
        owner=is_owner(),
        state=pulse(house),
        reading=reading,
        services=_services(house, reading),
        past=_past(house),
        versions=versions(),
        trial=the_selftest().trial,
        machine=list(_machine(reading)),
        jobs=[(translate(each.title), each) for each in house.schedule.all()] if house.schedule else [],
        shed=list(reading.capture.shed.items()) if reading and reading.capture else [],
    )


@health.get("/health/journal")
@access(Access.OWNER)
def journal() -> str:
    """Show the end of what the services wrote."""
    return render_template("journal.html", journal=journal_tail())


@health.post("/health/selftest")
@access(Access.OWNER)
def try_out() -> ResponseReturnValue:
    """Begin a self-test, unless one runs."""
    the_selftest().start(the_house().now())
    return redirect(url_for(".show", _anchor="selftest"), 303)


@health.get("/health/selftest")
@access(Access.OWNER)
def trial() -> ResponseReturnValue:
    """Tell a page how the self-test goes."""
    found = the_selftest().trial
    return jsonify(running=found is not None and found.status is None)


@health.post("/health/bundle")
@access(Access.OWNER)
def support() -> Response:
    """Send the bundle for those who help."""
    house = the_house()
    people = [user.name for user in house.accounts.users.all()]
    made = bundle(house.settings, house.registry.inventory, house.household.choices, people, house.now())
    day = datetime.fromtimestamp(house.now(), UTC).strftime("%Y-%m-%d")
    headers = {
        "Content-Disposition": f'attachment; filename="earwitness-support-{day}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(made, mimetype="application/zip", headers=headers)


def _machine(reading: Reading | None) -> Iterator[tuple[str, str]]:
    """Yield what the machine shows, by name."""
    if reading is None:
        return
    machine = reading.machine
    yield translate("Clock"), translate("set by a time server") if machine.synchronised else translate("nobody sets it")
    if machine.disk:
        free, whole = size(machine.disk.free), size(machine.disk.size)
        yield translate("Disk"), translate("{free} of {whole} are free", free=free, whole=whole)
    if machine.celsius is not None:
        yield translate("Temperature"), translate("{degrees} °C", degrees=number(machine.celsius))
    if machine.under_voltage is not None:
        yield translate("Power"), translate("too low") if machine.under_voltage else translate("enough")
    if machine.throttled is not None:
        yield translate("Processor"), translate("slowed down") if machine.throttled else translate("at full speed")


@health.app_template_filter("state")
def state_in_words(state: str) -> str:
    """Return how a service is, in the reader's language; what is wrong with it is said as it says it."""
    return "; ".join(translate(each) if each in _STATES else each for each in state.split("; "))


def _services(house: House, reading: Reading | None) -> list[Status]:
    """Return what each service last said of itself."""
    run = house.settings.paths.run
    capture = reading.capture if reading else None
    ears = read_ears(run, reading.boot) if reading else []
    hub = read_status(run, Service.HUB, HubStatus)
    return [each for each in (capture, *ears, hub) if each is not None]


def _past(house: House) -> Past | None:
    """Return what the ledger tells; None if it cannot be read."""
    try:
        with house.reader() as reader:
            day = shown_day(reader, None, house.now(), house_zone())
            until = min(day.end, house.now())
            return Past(
                day=day,
                network=_watched(covered(reader, Service.CAPTURE, day.start, until), until - day.start),
                ears=_watched(covered(reader, Service.EARS, day.start, until), until - day.start),
                findings=_findings(reader, house.now()),
                size=house.settings.paths.ledger.stat().st_size,
            )
    except (LedgerError, OSError):
        return None


def _watched(spans: dict[str, float], whole: float) -> list[Watched]:
    return [
        Watched(source, span, min(1.0, span / whole) if whole > 0 else 0.0) for source, span in sorted(spans.items())
    ]


def _findings(reader: Reader, now: float) -> list[Finding]:
    """Return the newest findings of all services, each once: with its end, if it has one."""
    found: dict[tuple[str, str | None, float], Finding] = {}
    for service in Service:
        for each in noted(reader, FINDINGS[service], 0.0, now + 1, HEALTH_FINDINGS).noted:
            key = (each.fact.kind, each.fact.device, each.fact.time)
            if key not in found or each.fact.ended_at is not None:
                found[key] = each.fact
    return sorted(found.values(), key=lambda finding: finding.time, reverse=True)[:HEALTH_FINDINGS]
