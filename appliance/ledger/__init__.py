# SPDX-License-Identifier: GPL-2.0-or-later
"""One SQLite file in which the services meet: facts, verdicts, and what was watched."""

from appliance.ledger.backup import back_up
from appliance.ledger.errors import LedgerError
from appliance.ledger.follower import Followed, Follower
from appliance.ledger.ledger import Ledger, open_ledger
from appliance.ledger.reader import Reader
from appliance.ledger.remembered import known_devices, known_names
from appliance.ledger.resume import false_wakes, open_findings, reached, resume_point, unfinished, unjudged
from appliance.ledger.retention import Keep, forget
from appliance.ledger.rows import HUB, Fact
from appliance.ledger.wall import Wall, wall

__all__ = [
    "HUB",
    "Fact",
    "Followed",
    "Follower",
    "Keep",
    "Ledger",
    "LedgerError",
    "Reader",
    "Wall",
    "back_up",
    "false_wakes",
    "forget",
    "known_devices",
    "known_names",
    "open_findings",
    "open_ledger",
    "reached",
    "resume_point",
    "unfinished",
    "unjudged",
    "wall",
]
