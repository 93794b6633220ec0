# SPDX-License-Identifier: GPL-2.0-or-later
"""Services that are gone, or there and blind: what nobody watches cannot be judged."""

from collections.abc import Iterable, Iterator

from appliance.events import Evidence, Service
from appliance.health.endings import restless
from appliance.health.installed import update_troubles
from appliance.health.reading import Reading
from appliance.health.trouble import Trouble
from appliance.limits import BLIND_AFTER_S, COVERED_WITHIN_S, STATUS_STALE_S
from appliance.report.words import seconds
from appliance.speakers.inventory import EarEntry
from appliance.status import CaptureStatus, PortStatus, Status


def services(reading: Reading) -> Iterator[Trouble]:
    """Yield the services that are gone, and those that are blind; the ears' only if there is an ear in the house."""
    if reading.web_problem:
        yield Trouble(
            "web-gone",
            f"The dashboard cannot be opened as it should. {reading.web_problem}",
            "It is tried again every few seconds; ports and addresses are set in [web] of the settings.",
            after=BLIND_AFTER_S,
        )
    for name, why in reading.broken_channels:
        yield Trouble(
            "channel-broken",
            f"The channel {name} takes no alerts: {why}.",
            "The page Alerts tries it again, and says what it answers.",
            device=name,
        )
    if reading.missed_jobs:
        yield Trouble(
            "job-missed",
            f"This was not done when it should have been: {'; '.join(reading.missed_jobs)}.",
            "The page Health says what came of each job.",
        )
    yield from restless(reading)
    yield from update_troubles(reading.update, reading.machine.wall)
    yield from map(_looped, reading.machine.shut)
    if not _alive(reading, reading.capture):
        yield _gone(Service.CAPTURE, reading, reading.capture)
    elif reading.live:
        yield from _blind(reading.live)
    for name, what in reading.ailing:
        yield _deaf(name, what)
    if not reading.inventory.ears:
        return
    if not _alive(reading, reading.ears):
        yield _gone(Service.EARS, reading, reading.ears)
    elif reading.ears:
        there = reading.ears.ears.keys() | reading.elsewhere
        yield from _missing(each for each in reading.inventory.ears if each.name not in there)


def _alive(reading: Reading, status: Status | None) -> bool:
    if status is None or status.pid not in reading.machine.running:
        return False
    return status.boot != reading.boot or reading.time - status.time <= STATUS_STALE_S


def _gone(service: Service, reading: Reading, status: Status | None) -> Trouble:
    age = (Evidence("age_s", round(reading.time - status.time, 1), "since it last said anything"),) if status else ()
    blind = "No speaker is watched" if service is Service.CAPTURE else "No room is listened to"
    return Trouble(
        f"{service}-gone",
        f"The service earwitness-{service} does not run. {blind} in the meantime.",
        f"It is started again by itself; if not, see: systemctl status earwitness-{service}",
        figures=age,
        after=BLIND_AFTER_S,
    )


def _blind(status: CaptureStatus) -> Iterator[Trouble]:
    behind = status.time - status.covered_until
    if behind > COVERED_WITHIN_S:
        yield Trouble(
            "capture-behind",
            f"What the speakers sent in the last {seconds(behind)} has not reached the ledger.",
            "The machine is too busy, or its disk does not answer: see the other findings, or run earwitness doctor.",
            figures=(Evidence("behind_s", round(behind, 1), "seconds between now and what is known"),),
        )
    for port in status.ports:
        if wrong := _wrong(port):
            yield Trouble(
                "port-down",
                f"The network port {port.interface} {wrong}; nothing is seen there.",
                "Check the cable or the adapter, and what is at its other end.",
                device=port.interface,
                after=BLIND_AFTER_S,
            )


def _looped(port: str) -> Trouble:
    """Return that a port of the bridge is shut: frames that were sent by another came back there."""
    return Trouble(
        "cables-loop",
        f"The network port {port} is shut: what is sent by the other port comes back there, by another cable.",
        "Two cables lead into the same network: unplug one of them. The port opens by itself then.",
        device=port,
    )


def _wrong(port: PortStatus) -> str:
    """Say what is wrong with a port."""
    if not port.present:
        return "is not there"
    if not port.up:
        return "is switched off"
    return "" if port.carrier else "has no connection"


def _deaf(name: str, what: str) -> Trouble:
    """Return that an ear of another machine does not hear; one of this machine its own service tells of."""
    return Trouble(
        "ear-deaf",
        f"The ear “{name}” does not hear: {what}.",
        "Look after the microphone of that machine: earwitness ears test, there.",
        device=name,
        after=BLIND_AFTER_S,
    )


def _missing(ears: Iterable[EarEntry]) -> Iterator[Trouble]:
    """Yield the ears of the house that nobody listens with; what is wrong with one that is there its service tells."""
    for ear in ears:
        yield Trouble(
            "ear-gone",
            f"The ear “{ear.name}” is not there.",
            "Name its microphone in the settings, connect it, or take it out of the house.",
            device=ear.name,
            after=BLIND_AFTER_S,
        )
