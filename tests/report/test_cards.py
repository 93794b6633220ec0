# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.report.cards import card
from appliance.report.names import Names
from appliance.report.words import Kind
from tests.report.household import SPEAKERS, household


def test_a_card_says_the_worst_of_its_speaker() -> None:
    """One unexplained upload outweighs all that was asked for."""
    report = household()
    cards = [card(report, Names(report), speaker[0]) for speaker in SPEAKERS]
    assert [(each.state, each.figure) for each in cards] == [
        (Kind.NOTICE, 1), (Kind.UNEXPLAINED, 2), (Kind.NOTICE, 1), (Kind.UNHEARD, 1), (Kind.UNEXPLAINED, 1),
    ]  # fmt: skip
    assert [count for _, count in cards[1].shares] == [13, 2]


def test_a_speaker_that_nobody_heard() -> None:
    """Where no ear listened at all the card says so of every upload."""
    report = household()
    unheard = [replace(verdict, verdict="unheard") for verdict in report.verdicts if verdict.upload]
    shown = card(replace(report, verdicts=unheard), Names(report), SPEAKERS[0][0])
    assert (shown.state, shown.figure, shown.sentence) == (Kind.UNHEARD, 13, "uploads, and no ear was listening")


def test_a_speaker_that_sent_nothing_is_fine() -> None:
    """No upload is nothing to worry about."""
    report = replace(household(), uploads=[], verdicts=[])
    shown = card(report, Names(report), SPEAKERS[0][0])
    assert (shown.state, shown.figure, shown.shares) == (Kind.ASKED, 0, [])
    assert dict(shown.facts)["Model"] == "Echo (4th gen)"
