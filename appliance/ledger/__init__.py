# SPDX-License-Identifier: GPL-2.0-or-later
"""One SQLite file in which the services meet: facts, verdicts, and what was watched."""

from appliance.ledger.backup import back_up
from appliance.ledger.errors import LedgerError
from appliance.ledger.follower import Followed, Follower
from appliance.ledger.forgotten import Batch, Span, clear, drop, forgotten, next_batch, note_forgotten
from appliance.ledger.inspection import inspect
from appliance.ledger.ledger import Ledger, open_ledger
from appliance.ledger.reader import Reader
from appliance.ledger.remembered import known_devices, known_names
from appliance.ledger.resume import (
    ears_reached,
    false_wakes,
    open_findings,
    reached,
    resume_point,
    unfinished,
    unjudged,
)
from appliance.ledger.retention import Keep, forget
from appliance.ledger.rows import HUB, Fact
from appliance.ledger.wall import Wall, wall

__all__ = [
    "HUB",
    "Batch",
    "Fact",
    "Followed",
    "Follower",
    "Keep",
    "Ledger",
    "LedgerError",
    "Reader",
    "Span",
    "Wall",
    "back_up",
    "clear",
    "drop",
    "ears_reached",
    "false_wakes",
    "forget",
    "forgotten",
    "inspect",
    "known_devices",
    "known_names",
    "next_batch",
    "note_forgotten",
    "open_findings",
    "open_ledger",
    "reached",
    "resume_point",
    "unfinished",
    "unjudged",
    "wall",
]
