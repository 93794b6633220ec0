# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.rules import load_rules
from appliance.selftest.house import due


def test_every_verdict_there_is_is_due(evening: Path) -> None:
    """A verdict that the rules know and the household never calls for would be one that nobody tries."""
    assert {one.verdict for one in due(evening / "truth.jsonl")} == set(load_rules(None).verdicts.tell)
