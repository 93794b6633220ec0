# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.report.model import Captured
from appliance.report.unseen import not_seen
from tests.report.household import household


def test_all_that_was_not_seen_is_said() -> None:
    """Uncovered uploads, lost packets, damage and bounds each have their sentence."""
    damaged = Captured("b.pcap", 1, 2, 5, 100, damaged_at=4711, damage="a packet of 3 GB")
    report = replace(household(), captures=[damaged], shed=[("Flows turned away", 7)])
    said = "\n".join(not_seen(report))
    for part in (
        "1 upload:",
        "missed 412 frames",
        "b.pcap is damaged from byte 4711 on (a packet of 3 GB)",
        "Flows turned away: 7.",
    ):
        assert part in said


def test_the_limits_of_the_method_are_always_said() -> None:
    """Even of a perfect capture it is said that encryption and what is never sent stay unknown."""
    sentences = list(not_seen(replace(household(), verdicts=[], losses=[])))
    assert len(sentences) == 2
    assert "encrypted" in sentences[0]


def test_without_sounds_it_says_why_all_is_unheard() -> None:
    """Where no sounds were given that is the first thing said."""
    assert next(not_seen(replace(household(), listened=False))).startswith("No sounds were given")
