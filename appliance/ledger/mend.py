# SPDX-License-Identifier: GPL-2.0-or-later
"""A ledger that is whole: checked before anybody uses it, made if it is absent, replaced if it is damaged.

Whoever calls this has the ledger alone. The new file is built beside and put in place by one rename, so that a kill at
any instant leaves one of the two; the damaged one is kept under another name.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from appliance.disk import sync_folder
from appliance.ledger.connect import connect, connect_untouched, prepare
from appliance.ledger.errors import READING_ERRORS, in_words, is_damage
from appliance.ledger.migrate import migrate, schema, version_of
from appliance.ledger.salvage import salvage

_COMPANIONS = ("-wal", "-shm", "-journal")


def make_whole(path: Path, now: float, *, thoroughly: bool) -> str:
    """See to it that there is a whole ledger at ``path``; return what had to be done for it, in words, or nothing.

    ``now`` (wall-clock seconds) names what is set aside. ``thoroughly`` compares every index with its table too, which
    takes several times as long.
    """
    if restored(path).exists():
        _put_in_place(restored(path), path, now, "replaced")
        return ""
    new = path.with_name(f"{path.name}.new")
    if new.exists() and not path.exists():
        _put_in_place(new, path, now, "damaged")  # a kill came between the two renames
    _remove(new)
    if not path.exists() or not path.stat().st_size:
        _remove(path)
        _make(path, None)
        return ""
    with in_words(path), closing(connect_untouched(path)) as old:
        problem = _problem(old, path, "integrity_check" if thoroughly else "quick_check")
        if problem is None:
            return ""
        saved = _carry_over(old, path, new)
    aside = _put_in_place(new, path, now, "damaged")
    return f"{path} was damaged ({problem}). It is kept as {aside.name}; {saved}."


def restored(path: Path) -> Path:
    """Return where a whole ledger lies that is to take the place of that at ``path``, once all let go of it."""
    return path.with_name(f"{path.name}.restored")


def _problem(old: sqlite3.Connection, path: Path, check: str) -> str | None:
    """Return what is wrong with the file, None if nothing is; LedgerError if it is not for us."""
    try:
        version = version_of(old, path)
        (answer,) = old.execute(f"PRAGMA {check}(1)").fetchone()
        if answer == "ok" and version and schema(old) != _schema_of(version, path):
            return "its schema is not what it was"
    except READING_ERRORS as error:
        if not is_damage(error):
            raise
        return str(error)
    return None if answer == "ok" else " ".join(str(answer).split())


def _schema_of(version: int, path: Path) -> list[tuple[object, ...]]:
    """Return the schema of a ledger of that version."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, path, version)
        return schema(connection)


def _carry_over(old: sqlite3.Connection, path: Path, new: Path) -> str:
    """Build a ledger of the same version at ``new``, with all that can be read; return in words what that is."""
    try:
        version = version_of(old, path)
    except READING_ERRORS:
        version = 0
    _make(new, version or None)
    with closing(connect(new)) as connection:
        counts = salvage(old, connection)
        connection.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
        prepare(connection)
    saved = ", ".join(f"{count} of {name}" for name, (count, _) in counts.items() if count)
    lost = ", ".join(f"{count} of {name}" for name, (_, count) in counts.items() if count)
    return f"carried over: {saved or 'nothing'}" + (f"; lost from among them: {lost}" if lost else "")


def _make(path: Path, version: int | None) -> None:
    with closing(connect(path)) as connection:
        prepare(connection)
        migrate(connection, path, version)


def _put_in_place(new: Path, path: Path, now: float, why: str) -> Path:
    """Rename what is at ``path``, and what SQLite keeps beside it, and give its place to ``new``."""
    aside = path.with_name(f"{path.name}.{why}-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%S}")
    for companion in ("", *_COMPANIONS):
        part = path.with_name(path.name + companion)
        if part.exists():
            part.rename(aside.with_name(aside.name + companion))
    sync_folder(path.parent)
    new.rename(path)
    sync_folder(path.parent)
    return aside


def _remove(path: Path) -> None:
    for companion in (*_COMPANIONS, ""):
        path.with_name(path.name + companion).unlink(missing_ok=True)
