# SPDX-License-Identifier: GPL-2.0-or-later
"""How the witness itself is at this moment: what it watches and hears with, and what takes its sight."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from appliance.clocks import this_boot
from appliance.events import Finding, Service
from appliance.evidence import SIMULATED
from appliance.health import Reading, read
from appliance.health.power import power
from appliance.health.services import services
from appliance.health.storage import storage
from appliance.language import counted, spoken, translate
from appliance.ledger import LedgerError, Reader, open_findings
from appliance.report.retold import retold
from appliance.report.words import local
from web.house import House
from web.language import zone_of

#: The placement whose frames come from a file.
_REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that takes the witness's sight, and what to do about it; both are sentences."""

    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """The state in a few words (``pill``), as facts with a name and a value, and what is wrong."""

    mood: str  #: "good", "notice", "alert": as the pill looks
    pill: str
    facts: tuple[tuple[str, str], ...]
    troubles: tuple[Trouble, ...]
    simulated: bool  #: what the newest pages show never happened


def pulse(house: House) -> Pulse:
    """Feel the pulse of ``house``; never raises: what cannot be read is a trouble of its own."""
    found = reading_of(house)
    if found is None:
        nothing = Trouble(
            translate("No part of Earwitness is running."),
            translate("Start it with: systemctl start earwitness-capture earwitness-hub"),
        )
        return Pulse("alert", translate("Not watching"), (), (nothing,), simulated=False)
    replayed = found.capture is not None and found.capture.placement == _REPLAY
    troubles = () if replayed else tuple(_troubles(house, found))
    mood = "alert" if troubles else "notice" if replayed else "good"
    facts = tuple(_facts(found, zone_of(house), replayed=replayed))
    simulated = found.capture is not None and found.capture.boot.startswith(SIMULATED)
    return Pulse(mood, _pill(found, troubles, replayed=replayed, simulated=simulated), facts, troubles, simulated)


def reading_of(house: House) -> Reading | None:
    """Return how the appliance is at this moment; None where it is nowhere written."""
    paths = house.settings.paths
    try:
        return read(paths, this_boot(Path(paths.run)), house.registry.inventory)
    except OSError:
        return None


def _pill(found: Reading, troubles: tuple[Trouble, ...], *, replayed: bool, simulated: bool) -> str:
    if troubles:
        return counted(len(troubles), "{count} thing is wrong", "{count} things are wrong")
    if replayed:
        return translate("Simulated") if simulated else translate("A replay")
    watched = sum(entry.watched for entry in found.inventory.devices)
    return counted(watched, "Watching {count} speaker", "Watching {count} speakers")


def _troubles(house: House, found: Reading) -> Iterator[Trouble]:
    told = set()
    for each in (*services(found), *storage(found), *power(found.machine)):
        told.add((each.kind, each.device))
        yield Trouble(retold(each.text), retold(each.remedy))
    try:
        with house.reader() as reader:
            open_ = _open(reader, found.boot)
    except LedgerError as error:
        yield Trouble(str(error), translate("Earwitness mends it by itself; if this stays, restore a backup."))
        return
    for finding in open_:
        if (finding.kind, finding.device) not in told:
            remedy = next((figure.text for figure in finding.figures if figure.key == "remedy"), "")
            yield Trouble(retold(finding.text), retold(remedy))


def _open(reader: Reader, boot_id: str) -> list[Finding]:
    boots = reader.rows("SELECT id FROM boot WHERE boot_id = ?", (boot_id,))
    return [finding for (boot,) in boots for service in Service for finding in open_findings(reader, boot, service)]


def _facts(found: Reading, zone: tzinfo, *, replayed: bool) -> Iterator[tuple[str, str]]:
    capture = found.capture
    watched = sum(entry.watched for entry in found.inventory.devices)
    yield translate("Watching"), counted(watched, "{count} speaker", "{count} speakers")
    if capture:
        lost = counted(capture.lost, "{count} frame", "{count} frames") if capture.lost else translate("none")
        yield translate("Frames lost"), lost
        if capture.last_packet is not None:
            ago = 0.0 if replayed else found.time - found.machine.wall
            yield translate("Last packet"), spoken().clock_to_the_second(local(capture.last_packet - ago, zone))
    if replayed:
        return
    yield translate("Ears"), _ears(found)
    set_ = translate("set by a time server") if found.machine.synchronised else translate("not set by a time server")
    yield translate("Clock"), set_


def _ears(found: Reading) -> str:
    have = len(found.inventory.ears)
    if not have:
        return translate("none yet")
    listening = sum(ear.state == "listening" for ear in found.ears.ears.values()) if found.ears else 0
    return translate(
        "{listening} of {have} listening", listening=spoken().number(listening), have=spoken().number(have)
    )
