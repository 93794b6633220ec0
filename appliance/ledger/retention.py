# SPDX-License-Identifier: GPL-2.0-or-later
"""What is old is forgotten, a little at each call, the oldest first; and more of it when the ledger grows too large."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

from appliance.ledger.ledger import Ledger
from appliance.ledger.resume import resume_point
from appliance.ledger.rows import CLOCK, DEVICE, NAME, TABLES, TRAFFIC, Table
from appliance.ledger.wall import wall
from appliance.limits import LEDGER_FORGETS_ROWS, LEDGER_KEEPS_S, LEDGER_SLICE_S, LEDGER_VACUUM_PAGES

_DAY_S = 86_400.0
_NEVER = float("-inf")
#: What clocks were and are is dropped only with its boot: all other times rest on it.
_AGEING = tuple(table for table in TABLES if table is not CLOCK)


@dataclass(frozen=True, slots=True)
class Keep:
    """How long, and how much."""

    days: float  #: facts, verdicts, coverage
    traffic_days: float  #: traffic by the minute, and the names of addresses
    size: int  #: bytes of the file; its write-ahead log comes on top


class _Present(NamedTuple):
    """This boot, from when on its facts stay, and the wall-clock time, minus infinity if nobody vouches for it."""

    boot: int
    kept_since: float
    now: float


def forget(ledger: Ledger, keep: Keep, boot: int, time: float) -> int:
    """Drop some of what is too old, or too much; return how much was done: call it again until that is 0.

    ``boot`` and ``time`` are now, in steady seconds. While no time server has set the clock, nothing is too old. This
    boot's facts of LEDGER_KEEPS_S and all that the judge still needs stay, as does each table's newest row: ids go on
    from it.
    """
    with closing(ledger.reader()) as reader:
        clock = wall(reader, boot, time)
        since = min(resume_point(reader, boot), time - LEDGER_KEEPS_S)
        present = _Present(boot, since, clock.time if clock.synchronised else _NEVER)
    with ledger.transaction() as connection:
        excess = _used(connection) > keep.size
        too_much = _oldest(connection, present) + LEDGER_SLICE_S if excess else _NEVER
        rows = 0
        for table in _AGEING:
            days = keep.traffic_days if table in (TRAFFIC, NAME) else keep.days
            rows += _drop(connection, table, present, max(too_much, present.now - days * _DAY_S))
        _drop_boots(connection)
        return rows + _shrink(connection, keep.size)


def _used(connection: sqlite3.Connection) -> int:
    """Return the bytes of all pages in use."""
    (used,) = connection.execute(
        "SELECT (page_count - freelist_count) * page_size "
        "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
    ).fetchone()
    return int(used)


def _oldest(connection: sqlite3.Connection, present: _Present) -> float:
    """Return the wall-clock time of the oldest row that may be dropped."""
    queries = (f"SELECT min(wall) FROM ({_droppable(table)})" for table in _AGEING)
    found = [connection.execute(query, present._asdict()).fetchone()[0] for query in queries]
    return min((time for time in found if time is not None), default=_NEVER)


def _drop(connection: sqlite3.Connection, table: Table[Any], present: _Present, before: float) -> int:
    """Drop rows from before then; those from the future as well, since their clock was wrong."""
    old = f"SELECT id FROM ({_droppable(table)}) WHERE wall < :before OR wall > :future"
    future = present.now + _DAY_S if present.now > _NEVER else float("inf")
    values = present._asdict() | {"before": before, "future": future}
    return connection.execute(f"DELETE FROM {table.name} WHERE id IN ({old})", values).rowcount


def _droppable(table: Table[Any]) -> str:
    """Return the query for the oldest rows of a table that may be dropped, with their wall-clock times.

    The judge needs the newest word on each speaker, however old it is, as long as the machine runs.
    """
    newest = "SELECT max(id) FROM device WHERE boot = :boot AND speaker IS NOT NULL GROUP BY device"
    but = f"WHERE id NOT IN ({newest})" if table is DEVICE else ""
    return f"""
        SELECT id, time + offset AS wall
        FROM (SELECT id, boot, time FROM {table.name} {but} ORDER BY id LIMIT {LEDGER_FORGETS_ROWS}) AS oldest
        JOIN span ON span.boot = oldest.boot AND since <= time AND time < until
        WHERE id < (SELECT max(id) FROM {table.name}) AND NOT (oldest.boot = :boot AND time >= :kept_since)
    """


def _drop_boots(connection: sqlite3.Connection) -> None:
    """Drop the boots, with their clocks, of which no fact is left."""
    firsts = " UNION ALL ".join(
        f"SELECT * FROM (SELECT boot FROM {table.name} ORDER BY id LIMIT 1)" for table in _AGEING
    )
    (first,) = connection.execute(f"SELECT min(boot) FROM ({firsts})").fetchone()
    connection.execute("DELETE FROM clock WHERE boot < ?", (first,))
    connection.execute("DELETE FROM boot WHERE id < ?", (first,))


def _shrink(connection: sqlite3.Connection, size: int) -> int:
    """Give some free pages back to the disk if the file is too large; return how many."""
    pages, free, page = connection.execute(
        "SELECT page_count, freelist_count, page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
    ).fetchone()
    excess = max(0, min(int(free), int(pages) - size // int(page), LEDGER_VACUUM_PAGES))
    if excess:
        connection.execute(f"PRAGMA incremental_vacuum({excess})").fetchall()
    return excess
