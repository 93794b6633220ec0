# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from datetime import UTC
from pathlib import Path

import pytest

from appliance.diary.day import days
from appliance.diary.entries import entries
from appliance.household import Level
from appliance.ledger import Reader
from appliance.notify.letter import Letter
from appliance.notify.texts import Reader as Who
from appliance.notify.texts import letter
from appliance.notify.week import WEEK_S, week, weekly
from appliance.settings import Paths
from appliance.speakers.inventory import Inventory
from tests.notify.making import NOON, RULES


def test_the_week_is_counted(lived: Path) -> None:
    """Uploads, what was unexplained of them, and how long packets were watched, of seven days."""
    with closing(Reader(Paths(state=lived / "state").ledger)) as reader:
        watched = days(reader)
        assert watched is not None
        figures = week(reader, Inventory(), watched[1])
        uploads = [each for each in entries(reader) if each.verdict.upload]
        assert figures["uploads"] == len(uploads) > figures["unexplained"] > 0
        assert figures["watched"] == round(100 * (watched[1] - watched[0]) / WEEK_S)
        assert week(reader, Inventory(), 0.0)["uploads"] == 0


def said(level: Level, **figures: int) -> Letter:
    return letter(weekly("c", figures, NOON, NOON + 1), Who(level, UTC, {}, "http://e", RULES))


@pytest.mark.parametrize("level", list(Level))
def test_it_says_that_it_still_watches(level: Level) -> None:
    """At each level, with the figures but for those who want nothing private told."""
    told = said(level, uploads=61, unexplained=2, false_wake=1, unheard=3, watched=99)
    assert told.title == "Earwitness: still watching"
    assert ("61 uploads this week." in told.body) == (level is not Level.SHORT)
    assert ("2 of them were unexplained." in told.body) == (level is not Level.SHORT)


def test_a_quiet_week() -> None:
    """Nothing unexplained is said as what it is."""
    assert "Each of them had a reason" in said(Level.NORMAL, uploads=5).body


def test_one_week_has_one_key() -> None:
    """Made twice, the message has the same key."""
    assert weekly("c", {}, NOON, NOON).key == weekly("c", {}, NOON + 60, NOON).key
