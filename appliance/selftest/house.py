# SPDX-License-Identifier: GPL-2.0-or-later
"""The household of the self-test: an hour and a half of an evening in which each verdict is due at least once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from appliance.simulate.scenario import HOUSEHOLD, RATES, START, Scenario

_OFTEN = {
    "commands": 20.0,
    "follow_ups": 0.7,
    "false_wakes": 10.0,
    "unexplained": 8.0,
    "silence": 8.0,
    "other_wakes": 8.0,
    "calls": 6.0,
    "arbitration": 8.0,
    "near_misses": 4.0,
    "muted": 8.0,
    "outages": 6.0,
    "gaps": 10.0,
    "boots": 4.0,
}
_SOMETIMES = ("stalls", "conversations", "telemetry", "chatter")

#: The same wherever it is played; the seed was looked for until no verdict was missing.
EVENING = Scenario(
    days=0.06,
    seed=7,
    speakers=HOUSEHOLD[:4],
    start=START + 18 * 3600,
    rates={name: _OFTEN.get(name, rate if name in _SOMETIMES else 0.0) for name, rate in RATES.items()},
).without("others", "lookalikes", "music", "updates")


class Due(NamedTuple):
    """A verdict that is due: on a device's upload, or at a wake word that nobody answered."""

    verdict: str
    device: str
    start: float
    end: float


def due(truth: Path) -> Iterator[Due]:
    """Yield what is due by the truth that was written with a play."""
    for line in truth.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "verdict" in row:
            moment = row.get("time", 0.0)
            yield Due(row["verdict"], row["device"], row.get("start", moment), row.get("end", moment))
