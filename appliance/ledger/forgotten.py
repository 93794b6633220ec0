# SPDX-License-Identifier: GPL-2.0-or-later
"""A stretch of wall-clock time is forgotten because the owner asks: batch after batch, and what was asked is noted.

Each batch is a transaction of its own, so that nobody waits for long, and whoever dies in between goes on afterwards.
Uploads go before verdicts, and both before the rest: a judge that comes in between judges no upload anew.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from appliance.events import Service
from appliance.ledger.ledger import Ledger
from appliance.ledger.reader import Reader
from appliance.ledger.rows import CLOCK, COVERAGES, DEVICE, LOSS, SPEECH, TABLES, UPLOAD, VERDICT, Table
from appliance.limits import LEDGER_FORGETS_ROWS, LEDGER_VACUUM_PAGES

_JUDGED = COVERAGES[Service.HUB]  # of which only the end means anything: how far the judge has come
#: From when a fact is, where that is not the time at which it became known.
_SINCE = {UPLOAD.name: "started_at", VERDICT.name: "moment", _JUDGED.name: "ended_at"}
#: Facts of a stretch: they go if any of it is forgotten, so that nothing claims to have watched then.
_STRETCHES = frozenset({LOSS.name, SPEECH.name, COVERAGES[Service.CAPTURE].name, COVERAGES[Service.EARS].name})
_ORDER: tuple[Table[Any], ...] = (
    UPLOAD,
    VERDICT,
    *(table for table in TABLES if table not in (UPLOAD, VERDICT, CLOCK)),
)


class Span(NamedTuple):
    """A stretch of wall-clock time, in seconds, without its end."""

    since: float
    until: float


class Batch(NamedTuple):
    """Rows of one table that are to be forgotten."""

    table: Table[Any]
    ids: list[int]


def forgotten(reader: Reader) -> list[Span]:
    """Return the stretches of wall-clock time that were forgotten because the owner asked, by their begin."""
    return [Span(*row) for row in reader.rows("SELECT DISTINCT since, until FROM forgotten ORDER BY since, until")]


def note_forgotten(ledger: Ledger, span: Span, asked_at: float) -> None:
    """Note that a stretch is forgotten, before any of it is; again is harmless."""
    with ledger.transaction() as connection:
        connection.execute(
            "INSERT INTO forgotten (since, until, asked_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (*span, asked_at)
        )


def next_batch(reader: Reader, span: Span) -> Batch | None:
    """Return rows to forget next, of one table, LEDGER_FORGETS_ROWS at most; None if there are none left.

    What clocks showed stays, since the times of other facts rest on it, and so does the newest word on each speaker,
    which says what it is and not what it did.
    """
    stretches = list(_steady(reader, span))
    for table in _ORDER:
        for stretch in stretches:
            if ids := [id_ for (id_,) in reader.rows(_within(table), stretch)]:
                return Batch(table, ids)
    return None


def drop(ledger: Ledger, batch: Batch) -> None:
    """Forget a batch: all of it, on the disk, or nothing. The table's ids go on from where they were."""
    name = batch.table.name
    with ledger.transaction() as connection:
        connection.execute(
            f"INSERT INTO floor (name, last) SELECT ?, max(id) FROM {name} WHERE true "
            "ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last)",
            (name,),
        )
        connection.execute(f"DELETE FROM {name} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(batch.ids),))


def clear(ledger: Ledger, span: Span, boot: int) -> None:
    """After the last batch: drop messages of that time, boots but this one of which no fact is left, and free pages.

    Deleted rows were overwritten in the ledger; the write-ahead log, which still has them, is emptied as soon as nobody
    reads from it.
    """
    empty = " AND ".join(f"NOT EXISTS (SELECT 1 FROM {table.name} WHERE boot = gone.id)" for table in _ORDER)
    with ledger.transaction() as connection:
        connection.execute("DELETE FROM message WHERE created >= ? AND created < ?", span)
        gone = [id_ for (id_,) in connection.execute(f"SELECT id FROM boot AS gone WHERE id <> ? AND {empty}", (boot,))]
        for table in ("clock WHERE boot", "boot WHERE id"):
            connection.executemany(f"DELETE FROM {table} = ?", [(id_,) for id_ in gone])
        connection.execute(f"PRAGMA incremental_vacuum({LEDGER_VACUUM_PAGES})").fetchall()
    ledger.empty_log()


def _steady(reader: Reader, span: Span) -> Iterator[tuple[int, float, float]]:
    """Yield boot, begin and end, in steady time, of each part that the stretch of wall-clock time has."""
    query = "SELECT boot, max(since, ?1 - offset), min(until, ?2 - offset) FROM span"
    for boot, since, until in reader.rows(query, span):
        if since < until:
            yield boot, since, until


def _within(table: Table[Any]) -> str:
    column = _SINCE.get(table.name, "time")
    begins = "ended_at > ?2" if table.name in _STRETCHES else f"{column} >= ?2"
    newest = "SELECT max(id) FROM device WHERE speaker IS NOT NULL GROUP BY device"
    but = f"AND id NOT IN ({newest})" if table is DEVICE else ""
    return (
        f"SELECT id FROM {table.name} WHERE boot = ?1 AND {begins} AND {column} < ?3 {but} LIMIT {LEDGER_FORGETS_ROWS}"
    )
