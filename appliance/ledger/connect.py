# SPDX-License-Identifier: GPL-2.0-or-later
"""How every connection to the ledger is set up."""

import sqlite3
from contextlib import suppress
from functools import partial
from pathlib import Path

from appliance.limits import LEDGER_BUSY_MS, LEDGER_LATE_CHECKPOINT_PAGES, LEDGER_LOG_BYTES, LEDGER_PAGE_BYTES

#: What an own column of text cannot be is replaced, so that a flipped bit does not stop a reader.
_text = partial(str, encoding="utf-8", errors="replace")


def connect(path: Path) -> sqlite3.Connection:
    """Open the file at ``path`` for writing, and make it if it is absent; transactions are begun by hand.

    The services are users of one group, and each writes to the file: what SQLite keeps beside it gets its mode.
    """
    with suppress(OSError):  # SQLite says it better
        path.touch(0o660, exist_ok=False)
    return _set_up(sqlite3.connect(path, timeout=LEDGER_BUSY_MS / 1000, isolation_level=None))


def _set_up(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.text_factory = _text
    for pragma in (
        "synchronous = FULL",  # a commit is on the card when it returns
        f"wal_autocheckpoint = {LEDGER_LATE_CHECKPOINT_PAGES}",
        f"journal_size_limit = {LEDGER_LOG_BYTES}",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is forgotten is overwritten
        "trusted_schema = OFF",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open the file at ``path``, which must exist, for reading."""
    place = f"{path.absolute().as_uri()}?mode=rw"  # readers write too: to what they share beside the file
    connection = _set_up(sqlite3.connect(place, uri=True, timeout=LEDGER_BUSY_MS / 1000, isolation_level=None))
    connection.execute("PRAGMA query_only = ON")
    return connection


def connect_untouched(path: Path) -> sqlite3.Connection:
    """Open the file at ``path``, which must exist, so that not a byte of it changes."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.text_factory = _text
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Decide what can be decided only while the file is empty, and the write-ahead log."""
    connection.execute(f"PRAGMA page_size = {LEDGER_PAGE_BYTES}")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
