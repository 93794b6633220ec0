# SPDX-License-Identifier: GPL-2.0-or-later
"""The ledger's schema, version by version: forward only, each step whole or not at all."""

import sqlite3
from pathlib import Path

from appliance.ledger.errors import LedgerError

#: "Earw": marks an SQLite file as a ledger.
APPLICATION_ID = 0x45617277
_SCHEMA = Path(__file__).with_name("schema")


def steps() -> list[str]:
    """Return the SQL that leads from each version to the next; the first makes version 1 of an empty file."""
    return [file.read_text() for file in sorted(_SCHEMA.iterdir())]


def schema(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Return all that makes up the schema of a file: of two of one version the same."""
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema's version, 0 for an empty file; LedgerError if it is no ledger, or one we do not know yet."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if (application, bool(version)) != (APPLICATION_ID, True) and (tables or application or version):
        raise LedgerError(f"{path}: this is no ledger but a file of another program: give the ledger another place")
    if not 0 <= version <= len(steps()):
        raise LedgerError(
            f"{path}: its version is {version}, and this program knows versions up to {len(steps())}: "
            "install the newer program again, or give the ledger another place"
        )
    return int(version)


def migrate(connection: sqlite3.Connection, path: Path, upto: int | None = None) -> None:
    """Bring the file to version ``upto``, the newest by default."""
    todo = steps()[:upto]
    while version_of(connection, path) < len(todo):
        connection.execute("BEGIN IMMEDIATE")
        try:
            _step(connection, path, todo)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def _step(connection: sqlite3.Connection, path: Path, todo: list[str]) -> None:
    """Take one step, unless another process took it while we waited."""
    version = version_of(connection, path)
    if version < len(todo):
        for statement in _statements(todo[version]):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _statements(script: str) -> list[str]:
    """Split a script into its statements: sqlite3's own executescript would end the transaction."""
    statements, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements
