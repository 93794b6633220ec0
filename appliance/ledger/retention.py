# SPDX-License-Identifier: GPL-2.0-or-later
"""What is old is forgotten, a little at each call, the oldest first; and more of it when the ledger grows too large."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

from appliance.ledger.ledger import Ledger
from appliance.ledger.reader import Reader
from appliance.ledger.resume import resume_point
from appliance.ledger.rows import CLOCK, DEVICE, NAME, SPEECH, TABLES, TRAFFIC, UPLOAD, VERDICT, WAKE, Table
from appliance.ledger.wall import wall
from appliance.limits import (
    LEDGER_FORGETS_LATE_S,
    LEDGER_FORGETS_ROWS,
    LEDGER_KEEPS_S,
    LEDGER_SLICE_S,
    LEDGER_VACUUM_PAGES,
)

_DAY_S = 86_400.0
_NEVER = float("-inf")
#: What clocks were and are is dropped only with its boot: all other times rest on it.
_AGEING = tuple(table for table in TABLES if table is not CLOCK)


@dataclass(frozen=True, slots=True)
class Keep:
    """How long, and how much."""

    days: float = float("inf")  #: facts, verdicts, coverage
    traffic_days: float = float("inf")  #: traffic by the minute, and the names of addresses
    size: int = 1 << 62  #: bytes of the file; its write-ahead log comes on top
    sounds_days: float = float("inf")  #: what ears heard, if it goes before other facts

    @property
    def forever(self) -> bool:
        """Whether nothing is ever too old, however much there may be."""
        return min(self.days, self.traffic_days, self.sounds_days) == float("inf")

    def days_of(self, table: Table[Any]) -> float:
        """Return for how many days facts of a table are kept."""
        if table in (TRAFFIC, NAME):
            return self.traffic_days
        return min(self.days, self.sounds_days) if table in (WAKE, SPEECH) else self.days


class _Bounds(NamedTuple):
    """What may be dropped of a table: the numbered values of the query for it."""

    boot: int  #: this boot
    kept_since: float  #: from when on this boot's facts stay, in steady seconds
    before: float  #: what is older is too old, in wall-clock seconds
    future: float  #: what is newer was dated by a clock that was wrong


def forget(ledger: Ledger, keep: Keep, boot: int, time: float) -> int:
    """Drop some of what is too old, or too much; return how much was done: call it again until that is 0.

    ``boot`` and ``time`` are now, in steady seconds. A few old rows wait for more, for LEDGER_FORGETS_LATE_S at most.
    While no time server has set the clock, nothing is too old. This boot's facts of LEDGER_KEEPS_S and all that the
    judge still needs stay, as does each table's newest row: ids go on from it.
    """
    with closing(ledger.reader()) as reader:
        due = _due(reader, keep, boot, time)
        spare = _spare(reader, keep.size)
        since = resume_point(reader, boot) if due else _NEVER
    if not due and not spare:
        return 0
    with ledger.transaction() as connection:
        rows = sum(_drop(connection, table, bounds, since) for table, bounds in due)
        if due:
            _drop_boots(connection)
        if spare:
            connection.execute(f"PRAGMA incremental_vacuum({spare})").fetchall()
    return rows + spare


def _due(reader: Reader, keep: Keep, boot: int, time: float) -> list[tuple[Table[Any], _Bounds]]:
    """Return the tables of which it is time to drop rows, each with its bounds."""
    clock = wall(reader, boot, time)
    now, future = (clock.time, clock.time + _DAY_S) if clock.synchronised else (_NEVER, float("inf"))
    everything = _Bounds(boot, time - LEDGER_KEEPS_S, float("inf"), float("inf"))
    pages, free, page = _pages(reader)
    excess = (pages - free) * page > keep.size
    if keep.forever and not excess:
        return []
    too_much = min(_oldest(reader, each, everything) for each in _AGEING) + LEDGER_SLICE_S if excess else _NEVER
    due = []
    for table in _AGEING:
        before = max(too_much, now - keep.days_of(table) * _DAY_S)
        if table is VERDICT:  # an upload whose verdict went first would be judged, and told, anew
            before = min(before, _oldest(reader, UPLOAD, everything))
        bounds = everything._replace(before=before, future=future)
        if _worth_it(reader, table, bounds, 1 if excess else LEDGER_FORGETS_ROWS):
            due.append((table, bounds))
    return due


def _worth_it(reader: Reader, table: Table[Any], bounds: _Bounds, enough: int) -> bool:
    """Whether so many rows are out of bounds, or some for long."""
    ((count, first, last),) = reader.rows(f"SELECT count(*), min(wall), max(wall) FROM ({_out(table)})", bounds)
    late = bounds.before - LEDGER_FORGETS_LATE_S
    return bool(count and (count >= enough or first < late or last > bounds.future))


def _oldest(reader: Reader, table: Table[Any], everything: _Bounds) -> float:
    """Return the wall-clock time of the oldest row of a table that may be dropped, infinity if there is none."""
    ((time,),) = reader.rows(f"SELECT min(wall) FROM ({_out(table)})", everything)
    return float("inf") if time is None else float(time)


def _drop(connection: sqlite3.Connection, table: Table[Any], bounds: _Bounds, judged: float) -> int:
    """Drop the rows out of bounds, but for what the judge needs."""
    values = bounds._replace(kept_since=min(bounds.kept_since, judged))
    return connection.execute(f"DELETE FROM {table.name} WHERE id IN (SELECT id FROM ({_out(table)}))", values).rowcount


def _out(table: Table[Any]) -> str:
    """Return the query for the oldest rows of a table that are out of _Bounds, with their wall-clock times.

    The judge needs the newest word on each speaker, however old it is, as long as the machine runs.
    """
    newest = "SELECT max(id) FROM device WHERE boot = ?1 AND speaker IS NOT NULL GROUP BY device"
    but = f"WHERE id NOT IN ({newest})" if table is DEVICE else ""
    return f"""
        SELECT id, time + offset AS wall
        FROM (SELECT id, boot, time FROM {table.name} {but} ORDER BY id LIMIT {LEDGER_FORGETS_ROWS}) AS oldest
        JOIN span ON span.boot = oldest.boot AND since <= time AND time < until
        WHERE id < (SELECT max(id) FROM {table.name}) AND NOT (oldest.boot = ?1 AND time >= ?2)
          AND (wall < ?3 OR wall > ?4)
    """


def _drop_boots(connection: sqlite3.Connection) -> None:
    """Drop the boots, with their clocks, of which no fact is left."""
    firsts = " UNION ALL ".join(
        f"SELECT * FROM (SELECT boot FROM {table.name} ORDER BY id LIMIT 1)" for table in _AGEING
    )
    (first,) = connection.execute(f"SELECT min(boot) FROM ({firsts})").fetchone()
    connection.execute("DELETE FROM clock WHERE boot < ?", (first,))
    connection.execute("DELETE FROM boot WHERE id < ?", (first,))


def _pages(reader: Reader) -> tuple[int, int, int]:
    """Return how many pages the file has, how many of them are free, and the bytes of a page."""
    query = (
        "SELECT page_count, freelist_count, page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
    )
    ((pages, free, page),) = reader.rows(query)
    return int(pages), int(free), int(page)


def _spare(reader: Reader, size: int) -> int:
    """Return how many free pages to give back to the disk now, because the file is too large."""
    pages, free, page = _pages(reader)
    return max(0, min(free, pages - size // page, LEDGER_VACUUM_PAGES))
