# SPDX-License-Identifier: GPL-2.0-or-later
"""What the ledger has for a calibration."""

from collections.abc import Iterator
from typing import Any

from appliance.calibration.course import COMMANDS, EARLY_S, LONGEST_S, PATIENCE_S, PAUSE_S, Fact
from appliance.ledger import Reader
from appliance.ledger.rows import SPEECH, UPLOAD, WAKE, Table

#: Seconds that a calibration takes at most.
_MOST_S = COMMANDS * (PATIENCE_S + LONGEST_S + PAUSE_S)


def notes(reader: Reader, boot_id: str, since: float) -> Iterator[Fact]:
    """Yield uploads, wake words and speech of a boot from the first question on, in steady seconds."""
    for (boot,) in reader.rows("SELECT id FROM boot WHERE boot_id = ?", (boot_id,)):
        values = (boot, since - EARLY_S, since + _MOST_S)
        tables: tuple[tuple[Table[Any], str], ...] = ((UPLOAD, "started_at"), (WAKE, "time"), (SPEECH, "time"))
        for table, column in tables:
            clause = f"WHERE boot = ? AND {column} >= ? AND {column} < ? ORDER BY id"
            for _, fact in reader.facts(table, clause, values):
                yield fact
