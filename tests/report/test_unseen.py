# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.report.model import Captured
from appliance.report.timeline import Timeline
from appliance.report.unseen import not_drawn, not_seen
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
    assert next(not_seen(replace(household(), listened=False))).startswith("No ear was listening")


def test_what_there_was_no_room_for_is_counted() -> None:
    """Days and speakers without a place on the lanes are counted; where all fits nothing is said."""
    assert not_drawn(Timeline([], 4, 1)) == "Not drawn: 4 earlier days and 1 speaker."
    assert not_drawn(Timeline([], 0, 2)) == "Not drawn: 2 speakers."
    assert not_drawn(Timeline([], 0, 0)) == ""
