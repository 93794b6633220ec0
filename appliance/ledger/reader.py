# SPDX-License-Identifier: GPL-2.0-or-later
"""Reading facts: one connection of one thread, which can write nothing."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from appliance.ledger.connect import connect_reader
from appliance.ledger.errors import in_words
from appliance.ledger.rows import F, Table, Value


class Reader:
    """Reads the ledger at ``path``; belongs to the thread that made it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unreadable = 0  #: rows passed over because a flipped bit made nonsense of them
        with in_words(path):
            self._connection = connect_reader(path)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def one_view(self) -> Iterator[None]:
        """Within it, everything is read as of one moment."""
        with in_words(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    def rows(self, sql: str, values: Iterable[Value] = ()) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds."""
        with in_words(self.path):
            return self._connection.execute(sql, tuple(values)).fetchall()

    def facts(self, table: Table[F], clause: str = "ORDER BY id", values: Iterable[Value] = ()) -> list[tuple[int, F]]:
        """Return the facts of a table with their ids; ``clause`` is what stands behind FROM."""
        columns = ", ".join(f'{table.name}."{column}"' for column in table.columns)
        found = []
        for id_, *row in self.rows(f"SELECT {table.name}.id, {columns} FROM {table.name} {clause}", values):
            try:
                found.append((id_, table.read(row)))
            except (ValueError, TypeError, KeyError):
                self.unreadable += 1
        return found

    def copy_to(self, copy: sqlite3.Connection) -> None:
        """Copy the whole ledger, as of this moment, to an empty database."""
        self._connection.backup(copy)

    def last(self, table: Table[F]) -> int:
        """Return the id of the newest row of a table, 0 if it has none."""
        ((last,),) = self.rows(f"SELECT coalesce(max(id), 0) FROM {table.name}")
        return int(last)

    def changed(self) -> int:
        """Return a number that changes when anybody has written."""
        (version,) = self.rows("PRAGMA data_version")[0]
        return int(version)
