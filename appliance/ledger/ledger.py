# SPDX-License-Identifier: GPL-2.0-or-later
"""The ledger: where the services meet. Each adds facts of its own; nothing is changed afterwards."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from appliance.events import Service
from appliance.ledger.connect import connect
from appliance.ledger.errors import LedgerError, in_words, suspect
from appliance.ledger.lock import Lock
from appliance.ledger.mend import make_whole
from appliance.ledger.migrate import migrate
from appliance.ledger.reader import Reader
from appliance.ledger.rows import Fact, Table, table_of, values_of
from appliance.limits import LEDGER_CHECKPOINT_PAGES


class Ledger:
    """One service's way into the ledger; belongs to the thread that opened it. Made by ``open_ledger``."""

    def __init__(self, path: Path, service: Service, connection: sqlite3.Connection, lock: Lock, mended: str) -> None:
        self.path = path
        self.mended = mended  #: what was found damaged at opening, and what became of it, in words; mostly empty
        self._service = service
        self._connection = connection
        self._lock = lock

    def begin(self, boot_id: str, anchor: float) -> int:
        """Return the number of this run of the machine, the same for all services; ``anchor`` as steady time has it."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO boot (boot_id, anchor) VALUES (?, ?) ON CONFLICT DO NOTHING", (boot_id, anchor)
            )
            (boot,) = connection.execute("SELECT id FROM boot WHERE boot_id = ?", (boot_id,)).fetchone()
        return int(boot)

    def write(self, boot: int, facts: Iterable[Fact]) -> list[int | None]:
        """Add facts, all or none of them; when it returns, they are on the disk.

        Returns their ids, with None for a verdict that was there already. A LedgerError says that nothing was written:
        keep the facts and try again.
        """
        facts = list(facts)
        if not facts:
            return []
        with self.transaction():
            return [self._add(boot, fact) for fact in facts]

    def reader(self) -> Reader:
        """Return a reader for the thread that asks."""
        return Reader(self.path)

    def empty_log(self) -> None:
        """Put all of the write-ahead log into the ledger, and empty it; left for later while somebody reads from it."""
        with in_words(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close it; the last one to do so leaves a single file."""
        with in_words(self.path):
            self._connection.close()
        self._lock.close()

    def _add(self, boot: int, fact: Fact) -> int | None:
        table = table_of(fact)
        if table.owner is not self._service:
            raise ValueError(f"{self._service} must not write {table.name}: it belongs to {table.owner}")
        columns = ", ".join(f'"{column}"' for column in ("id", "boot", *table.columns))
        places = ", ".join("?" * (len(table.columns) + 1))
        cursor = self._connection.execute(
            f"INSERT INTO {table.name} ({columns}) VALUES ({_above_floor(table)}, {places}) ON CONFLICT DO NOTHING",
            (boot, *values_of(fact)),
        )
        return cursor.lastrowid if cursor.rowcount else None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """What is done on the connection within is done wholly, and is on the disk afterwards; or not at all."""
        with in_words(self.path):
            if suspect(self.path).exists():
                raise LedgerError(f"{self.path}: it was found damaged: close it, and open it again", damaged=True)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")


def _above_floor(table: Table[Any]) -> str:
    """Return the query for a row's id: the next one, above those that were forgotten; NULL is the next of the rest."""
    newest = f"SELECT coalesce(max(id), 0) FROM {table.name}"
    return f"(SELECT last + 1 FROM floor WHERE name = '{table.name}' AND last >= ({newest}))"


def open_ledger(path: Path, *, service: Service, now: float) -> Ledger:
    """Open the ledger for a service that writes; ``now`` is wall-clock time in seconds.

    Whoever opens it first makes it if it is absent, and checks it: a damaged one is set aside, and what can be read of
    it is carried over (``mended`` says so). A ledger of an older version is brought to ours. LedgerError if that cannot
    be done, or if the ledger is of a newer version.
    """
    with in_words(path):
        lock = Lock(path)
        try:
            mended = _whole(path, lock, now)
            lock.share()
            connection = connect(path)
            migrate(connection, path)
            if service is Service.HUB:
                connection.execute(f"PRAGMA wal_autocheckpoint = {LEDGER_CHECKPOINT_PAGES}")
        except BaseException:
            lock.close()
            raise
    return Ledger(path, service, connection, lock, mended)


def _whole(path: Path, lock: Lock, now: float) -> str:
    """If nobody has the ledger open, or somebody found it damaged, see to it that it is whole; say what was done."""
    suspected = suspect(path).exists
    if lock.alone() or (suspected() and lock.wait_alone(suspected)):
        mended = make_whole(path, now, thoroughly=suspected())
        suspect(path).unlink(missing_ok=True)
        return mended
    if suspected():
        raise LedgerError(f"{path}: it was found damaged, and others have it open: end them, so that it is mended")
    return ""
