# SPDX-License-Identifier: GPL-2.0-or-later
"""A bundle for those who help: how the appliance is, and nothing of who lives there.

Each text in it went through Pseudonyms. Uploads, verdicts, sounds, captures, accounts and secrets are not in it at all,
only how many rows of each there are.
"""

import io
import json
import platform
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from socket import gethostname

from appliance import __version__
from appliance.diary.noted import noted
from appliance.events import Service
from appliance.health.doctor import examine
from appliance.health.doctor.show import as_json
from appliance.health.machine import read_machine
from appliance.household import Choices
from appliance.ledger import LedgerError, Reader
from appliance.ledger.rows import FINDINGS, TABLES
from appliance.limits import STATUS_BYTES, SUPPORT_FINDINGS, SUPPORT_WATCH_S
from appliance.settings import Settings
from appliance.speakers.inventory import Inventory
from appliance.upkeep.journal import journal_tail
from appliance.upkeep.pseudonyms import Pseudonyms

_PARTS = ("numpy", "scapy", "tinydb", "flask", "cheroot", "cryptography", "pydantic")
_README = """What Earwitness says of itself, to help those who look for a fault.

Names and addresses of the home are replaced by stand-ins (name-1, mac-1), the same in all files here. Have a look
before you send it on: what is in here is plain text.
"""


def names_of(settings: Settings, inventory: Inventory, choices: Choices, people: Iterable[str]) -> list[str]:
    """Return all names that the house knows."""
    microphones = [name for each in settings.ears.microphones for name in (each.name, each.room)]
    others = [name for each in settings.ears.wyoming for name in (each.name, each.room)]
    devices = [
        name
        for each in inventory.devices
        for name in (each.name, each.owner.room, each.owner.name, each.found.name if each.found else None)
    ]
    rooms = [each.name for each in inventory.rooms]
    ears = [name for each in inventory.ears for name in (each.name, each.room)]
    channels = [choices.home.contact, *(name for each in choices.channels for name in (each.name, each.person))]
    own = (*microphones, *others, *settings.web.names, gethostname())
    return [name for name in (*devices, *rooms, *ears, *channels, *people, *own) if name]


def bundle(settings: Settings, inventory: Inventory, choices: Choices, people: Iterable[str], now: float) -> bytes:
    """Return the bundle, a ZIP file; ``now`` is wall-clock time. Never raises: what cannot be read says why."""
    stand_ins = Pseudonyms(names_of(settings, inventory, choices, people))
    documents: dict[str, object] = {
        "versions.json": versions(),
        "machine.json": asdict(read_machine(settings.paths.state, now, synchronised=False)),
        "settings.json": settings.model_dump(mode="json"),
        "choices.json": choices.model_dump(mode="json"),
        "devices.json": [each.model_dump(mode="json") for each in inventory.devices],
        "status.json": _statuses(settings.paths.run),
        **_ledger(settings.paths.ledger, now),
        "doctor.json": _doctor(settings),
        "journal.json": asdict(journal_tail()),
    }
    return _zipped({name: stand_ins.replaced_in(document) for name, document in documents.items()})


def versions() -> dict[str, str]:
    """Return which program this is, and what it stands on."""
    return {
        "earwitness": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        **{part: version(part) for part in _PARTS},
    }


def _statuses(run: Path) -> dict[str, object]:
    """Return what each service says of itself at this moment."""
    found: dict[str, object] = {}
    for path in sorted(run.glob("*.json")):
        try:
            with path.open("rb") as file:
                found[path.stem] = json.loads(file.read(STATUS_BYTES))
        except (OSError, ValueError) as error:
            found[path.stem] = str(error)
    return found


def _ledger(path: Path, now: float) -> dict[str, object]:
    """Return how many rows there are of what, and the newest findings."""
    try:
        reader = Reader(path)
        try:
            rows = {table.name: reader.rows(f"SELECT count(*) FROM {table.name}")[0][0] for table in TABLES}  # noqa: S608 - our own names
            findings = [
                asdict(each.fact)
                for service in Service
                for each in noted(reader, FINDINGS[service], 0.0, now + 1, SUPPORT_FINDINGS).noted
            ]
            return {"ledger.json": {"bytes": path.stat().st_size, "rows": rows}, "findings.json": findings}
        finally:
            reader.close()
    except (LedgerError, OSError, sqlite3.Error) as error:
        return {"ledger.json": {"problem": str(error)}}


def _doctor(settings: Settings) -> object:
    """Return what the doctor says."""
    try:
        found: object = json.loads(as_json(list(examine(settings, SUPPORT_WATCH_S))))
    except OSError as error:
        return {"problem": str(error)}
    return found


def _zipped(documents: Mapping[str, object]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        for name, document in documents.items():
            archive.writestr(name, json.dumps(document, ensure_ascii=False, indent=1, default=str))
    return out.getvalue()
