# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks through the whole ledger for damage, while everybody goes on."""

from contextlib import closing
from pathlib import Path

from appliance.ledger.errors import suspect
from appliance.ledger.reader import Reader


def inspect(path: Path) -> str:
    """Return what is wrong with the ledger's file, in SQLite's words; nothing if nothing is. Raises LedgerError.

    A damaged one is marked for all who have it open: they let go of it, and the first of them mends it.
    """
    with closing(Reader(path)) as reader:
        ((answer,),) = reader.rows("PRAGMA quick_check(1)")
    if answer == "ok":
        return ""
    suspect(path).touch()
    return " ".join(str(answer).split())
