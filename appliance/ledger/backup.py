# SPDX-License-Identifier: GPL-2.0-or-later
"""A copy of the ledger as of one moment, in one file, while everybody goes on."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from appliance.disk import sync_folder
from appliance.ledger.errors import in_words
from appliance.ledger.reader import Reader


def back_up(reader: Reader, target: Path) -> None:
    """Write the copy to ``target``, whose old file stays until the new one is whole and on the disk.

    LedgerError if there is no room for it, or it may not be written there.
    """
    beside = target.with_name(f"{target.name}.new")
    try:
        with in_words(target):
            beside.unlink(missing_ok=True)
            beside.touch(0o600)
            with closing(sqlite3.connect(beside)) as copy:
                reader.copy_to(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read from a read-only place
            with beside.open("rb") as file:
                os.fsync(file.fileno())
            beside.replace(target)
            sync_folder(target.parent)
    finally:
        beside.unlink(missing_ok=True)
