# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the SQL of a household's ledger of the newest version, for tests/ledger/versions.

python -m tests.ledger.dump > tests/ledger/versions/0001.sql
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from appliance.ledger import open_ledger
from appliance.ledger.migrate import APPLICATION_ID, steps
from tests.ledger.facts import household


def write_household(path: Path) -> None:
    """Make a ledger of the newest version that holds one household."""
    for service, facts in household().items():
        with closing(open_ledger(path, service=service, now=0.0)) as ledger:
            ledger.write(ledger.begin("this-boot", 0.0), facts)


def dump() -> str:
    """Return the SQL that makes it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        write_household(path)
        with closing(sqlite3.connect(path)) as connection:
            lines = list(connection.iterdump())
    pragmas = [f"PRAGMA application_id = {APPLICATION_ID};", f"PRAGMA user_version = {len(steps())};"]
    return "\n".join([*lines, *pragmas]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(dump())
