# SPDX-License-Identifier: GPL-2.0-or-later
"""Verdicts one by one, each with the name under which pages, links and answers know it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from appliance.diary.calendar import Calendar, shifted
from appliance.events import Verdict
from appliance.ledger import Reader
from appliance.ledger.rows import UPLOAD, VERDICT, Value
from appliance.limits import DIARY_ENTRIES

#: The first row on each thing that was judged, and the revised one, if there is one.
_FIRST = """
FROM verdict AS first
LEFT JOIN verdict AS revised ON revised.boot = first.boot AND revised.moment = first.moment
  AND revised.about = first.about AND revised.final > first.final
WHERE (first.final = 0 OR NOT EXISTS (
  SELECT 1 FROM verdict AS earlier WHERE earlier.boot = first.boot AND earlier.moment = first.moment
    AND earlier.about = first.about AND earlier.final = 0))
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest verdict on one upload, or on one wake word that nobody answered; times are wall-clock seconds."""

    id: int  #: names it for ever: the ledger's row of the first verdict on it
    boot: int
    verdict: Verdict
    synchronised: bool  #: a time server stood behind the clock
    simulated: bool  #: it never happened

    @property
    def time(self) -> float:
        """When that happened which it is about."""
        upload, wake = self.verdict.upload, self.verdict.wake
        return upload.started_at if upload else wake.time if wake else self.verdict.time

    @property
    def key(self) -> str:
        """Its name in the registry, where people's answers are kept."""
        return str(self.id)


class Brief(NamedTuple):
    """What of an entry counts are made of."""

    time: float  #: wall-clock seconds at which that happened which it is about
    verdict: str
    tell: str
    bytes_up: int | None  #: None: it is about a wake word


def briefly(reader: Reader, device: str, start: float, end: float) -> list[Brief]:
    """Return what counts of one device's entries between two wall-clock times are made of, in their order."""
    place = UPLOAD.columns.index("bytes_up")
    judged = "CASE WHEN revised.id IS NULL THEN first.upload ELSE revised.upload END"
    sql = f"""
        SELECT first.moment + ?, coalesce(revised.verdict, first.verdict), coalesce(revised.tell, first.tell),
          CASE WHEN json_valid({judged}) THEN json_extract({judged}, '$[{place}]') END
        {_FIRST} AND first.device = ? AND first.boot = ? AND first.moment >= ? AND first.moment < ?
        ORDER BY first.moment
    """
    with reader.one_view():
        found = [
            reader.rows(sql, (each.offset, device, each.boot, each.since, each.until))
            for each in Calendar(reader).between(start, end)
        ]
    return [Brief(*row) for rows in found for row in rows]


def entry(reader: Reader, id_: int) -> Entry | None:
    """Return one entry; None if there is none of that name, or no more."""
    return next(iter(_read(reader, "AND first.id = ?", (id_,))), None)


def entries(  # noqa: PLR0913 - each narrows what is wanted, and is named
    reader: Reader,
    *,
    start: float | None = None,
    end: float | None = None,
    device: str | None = None,
    verdicts: Sequence[str] = (),
    before: int | None = None,
    limit: int = DIARY_ENTRIES,
) -> list[Entry]:
    """Return entries, those first that came last: within wall-clock times, of one device, of some verdicts.

    ``before``: only those that came before the entry of that name; so one asks for page after page.
    """
    clauses: list[str] = []
    values: list[Value] = []
    if before is not None:
        clauses.append("AND first.id < ?")
        values.append(before)
    if device is not None:
        clauses.append("AND first.device = ?")
        values.append(device)
    if verdicts:
        clauses.append(f"AND coalesce(revised.verdict, first.verdict) IN ({', '.join('?' * len(verdicts))})")
        values += verdicts
    if start is not None or end is not None:
        stretches = list(Calendar(reader).between(-inf if start is None else start, inf if end is None else end))
        either = " OR ".join("first.boot = ? AND first.moment >= ? AND first.moment < ?" for _ in stretches)
        clauses.append(f"AND ({either or 'FALSE'})")
        values += [value for each in stretches for value in (each.boot, each.since, each.until)]
    clauses.append("ORDER BY first.id DESC LIMIT ?")
    return list(_read(reader, " ".join(clauses), (*values, min(limit, DIARY_ENTRIES))))


def newer(reader: Reader, last: int) -> tuple[list[Entry], int]:
    """Return the entries on which there is a word that is newer than row ``last`` of the ledger's verdicts.

    And the row up to which these are all: whoever asks again from there on misses nothing, however much came at once.
    """
    newest = reader.last(VERDICT)
    upto = min(newest, last + DIARY_ENTRIES) if newest > last else newest
    judged = """
        AND first.id IN (
          SELECT min(same.id) FROM verdict AS word JOIN verdict AS same
            ON same.boot = word.boot AND same.moment = word.moment AND same.about = word.about
          WHERE word.id > ? AND word.id <= ? GROUP BY word.boot, word.moment, word.about)
        ORDER BY first.id
    """
    return list(_read(reader, judged, (last, upto))), upto


def _read(reader: Reader, clause: str, values: Sequence[Value]) -> Iterator[Entry]:
    with reader.one_view():
        rows = reader.rows(f"SELECT first.id, first.boot, coalesce(revised.id, first.id) {_FIRST} {clause}", values)
        newest = ", ".join(str(newest) for _, _, newest in rows)
        verdicts = dict(reader.facts(VERDICT, f"WHERE id IN ({newest})"))
        calendar = Calendar(reader)
    for id_, boot, last in rows:
        if last in verdicts:  # not so if its row cannot be read any more
            yield _entry(id_, boot, verdicts[last], calendar)


def _entry(id_: int, boot: int, verdict: Verdict, calendar: Calendar) -> Entry:
    at = verdict.upload.started_at if verdict.upload else verdict.wake.time if verdict.wake else verdict.time
    clock = calendar.wall(boot, at)
    return Entry(id_, boot, shifted(verdict, clock.time - at), clock.synchronised, calendar.simulated(boot))
