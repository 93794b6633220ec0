# SPDX-License-Identifier: GPL-2.0-or-later
"""Following the ledger: what the judge needs, as it comes in."""

from typing import Any

from appliance.events import CAPTURE, Coverage, Device, Loss, Reply, Service, Speech, Upload, Wake
from appliance.ledger.reader import Reader
from appliance.ledger.rows import COVERAGES, DEVICE, LOSS, REPLY, SPEECH, UPLOAD, WAKE, Table
from appliance.limits import LEDGER_COVERAGE_S

Followed = Device | Upload | Reply | Loss | Wake | Speech | Coverage

#: What is followed beside devices, and the column that says from when a fact is.
_FOLLOWED: tuple[tuple[Table[Any], str], ...] = (
    (WAKE, "time"),
    (SPEECH, "time"),
    (UPLOAD, "started_at"),
    (REPLY, "time"),
    (LOSS, "time"),
    (COVERAGES[Service.EARS], "time"),
    (COVERAGES[Service.CAPTURE], "time"),
)


class Follower:
    """Gives each fact of one boot once, from ``since`` on; begins with the newest word on every device."""

    def __init__(self, reader: Reader, boot: int, since: float = float("-inf")) -> None:
        """Take steady seconds from which on facts are wanted."""
        self._reader = reader
        self._boot = boot
        self._since = since
        self._last: dict[Table[Any], int] = {}
        self._seen = -1

    def new(self) -> list[Followed]:
        """Return what was added since the last call, in an order that suits the judge, however much it is.

        That is by the time it became known; but ears are LEDGER_COVERAGE_S ahead, so that whoever advances the judge by
        each coverage of the capture has fed all that was heard around it. Coverage follows what it covers.
        """
        changed = self._reader.changed()
        if changed == self._seen:
            return []
        with self._reader.one_view():
            facts: list[Followed] = [*self._devices()]
            for table, column in _FOLLOWED:
                facts += self._of(table, column)
        self._seen = changed
        return sorted(facts, key=_known)

    def _devices(self) -> list[Followed]:
        """Return the newest word on each device of which there is a new one."""
        newest = "SELECT max(id) FROM device WHERE id > ? AND id <= ? AND boot = ? GROUP BY device"
        last, self._last[DEVICE] = self._last.get(DEVICE, 0), self._reader.last(DEVICE)
        values = (last, self._last[DEVICE], self._boot)
        return [fact for _, fact in self._reader.facts(DEVICE, f"WHERE id IN ({newest}) ORDER BY id", values)]

    def _of(self, table: Table[Any], column: str) -> list[Followed]:
        """Return what is new in a table: the first time by its index, then by id alone (the plus sees to that)."""
        last, self._last[table] = self._last.get(table), self._reader.last(table)
        if last == self._last[table]:
            return []
        by_index = f"WHERE boot = ? AND {column} >= ? ORDER BY id"
        by_id = f"WHERE +boot = ? AND +{column} >= ? AND id > {last} ORDER BY id"
        rows = self._reader.facts(table, by_index if last is None else by_id, (self._boot, self._since))
        return [fact for _, fact in rows]


def _known(fact: Followed) -> tuple[float, int]:
    """Return when the fact became known, and its place among those of the same time."""
    match fact:
        case Coverage(source=source):
            return fact.ended_at - (0 if source == CAPTURE else LEDGER_COVERAGE_S), 1
        case Wake():
            return fact.time - LEDGER_COVERAGE_S, 0
        case Speech():
            return fact.ended_at - LEDGER_COVERAGE_S, 0
        case Loss():
            return fact.ended_at, 0
        case _:
            return fact.time, 0
