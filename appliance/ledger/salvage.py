# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads what can be read of a damaged ledger into a new one."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress

from appliance.ledger.errors import READING_ERRORS
from appliance.limits import LEDGER_IDS

Row = tuple[object, ...]


def salvage(damaged: sqlite3.Connection, new: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Copy every row that can be read, in one transaction; return for each table how many were saved, and lost.

    Lost are those whose ids are missing between others: what is gone from the end nobody can count.
    """
    damaged.execute("PRAGMA writable_schema = ON")  # a file cut short, or one damaged table, does not stop the reading
    new.execute("PRAGMA foreign_keys = OFF")
    new.execute("BEGIN IMMEDIATE")
    tables = [name for (name,) in new.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]
    counts = {table: _copy(damaged, new, table) for table in tables}
    for table in filter(lambda name: "boot" in _columns(new, name), tables):
        new.execute(
            "INSERT INTO boot (id, boot_id, anchor) "
            f"SELECT DISTINCT boot, 'lost ' || boot, 0.0 FROM {table} WHERE boot NOT IN (SELECT id FROM boot)"
        )
    new.execute("COMMIT")
    return counts


def _copy(damaged: sqlite3.Connection, new: sqlite3.Connection, table: str) -> tuple[int, int]:
    """Read a table from its beginning and from its end: each way passes over what lies behind a damaged place."""
    columns = _columns(new, table)
    insert = f"INSERT OR IGNORE INTO {table} ({_listed(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for upwards in (True, False):
        for row in _readable(damaged, table, _columns_called(damaged, table, columns), upwards=upwards):
            try:
                new.execute(insert, row)
            except sqlite3.IntegrityError:
                continue  # flipped bits: a value that its column does not take
    saved, first, last = new.execute(f"SELECT count(*), min(id), max(id) FROM {table}").fetchone()
    return saved, (last - first + 1 - saved if saved else 0)


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _columns_called(damaged: sqlite3.Connection, table: str, columns: list[str]) -> list[str]:
    """Return how a table's columns are called there: a flipped bit may have renamed one; it stands where it stood."""
    with suppress(*READING_ERRORS):
        found = _columns(damaged, table)
        return found if len(found) == len(columns) else columns
    return columns


def _listed(columns: list[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _readable(damaged: sqlite3.Connection, table: str, columns: list[str], *, upwards: bool) -> Iterator[Row]:
    """Yield rows by id; where one cannot be read, go on 1, 2, 4 ... ids further."""
    at, leap = (0 if upwards else LEDGER_IDS), 0
    beyond, order, way = (">", "ASC", 1) if upwards else ("<", "DESC", -1)
    rows = f"SELECT rowid, {_listed(columns[1:])} FROM {table}"
    query = f"{rows} WHERE rowid {beyond} ? ORDER BY rowid {order}"
    while 0 <= at + way * leap <= LEDGER_IDS:
        try:
            for row in damaged.execute(query, (at + way * leap,)):
                if not 0 < way * (row[0] - at) <= LEDGER_IDS:
                    break  # flipped bits: ids out of order
                yield row
                at, leap = row[0], 0
            else:
                return
        except READING_ERRORS:
            pass
        leap = max(1, 2 * leap)
