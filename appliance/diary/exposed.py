# SPDX-License-Identifier: GPL-2.0-or-later
"""What a device let others read, as the ledger has it: the transport check."""

from dataclasses import dataclass

from appliance.diary.calendar import Calendar
from appliance.events import ExposureKind
from appliance.ledger import Reader
from appliance.ledger.rows import EXPOSURE


@dataclass(frozen=True, slots=True)
class Exposed:
    """One thing that others could read, and from when to when that was seen, in wall-clock seconds."""

    kind: ExposureKind
    value: str
    first: float
    last: float


def exposed(reader: Reader, mac: str) -> list[Exposed]:
    """Return what a device let others read, each thing once, in order of kind and value."""
    calendar = Calendar(reader)
    found: dict[tuple[ExposureKind, str], Exposed] = {}
    boots = dict(reader.rows("SELECT id, boot FROM exposure WHERE device = ?", (mac,)))
    for id_, fact in reader.facts(EXPOSURE, "WHERE device = ? ORDER BY id", (mac,)):
        time = calendar.wall(boots[id_], fact.time).time
        before = found.get((fact.kind, fact.value), Exposed(fact.kind, fact.value, time, time))
        found[fact.kind, fact.value] = Exposed(fact.kind, fact.value, min(before.first, time), max(before.last, time))
    return [found[key] for key in sorted(found)]
