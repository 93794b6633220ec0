# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appliance.diary.day import days
from appliance.diary.entries import entries
from appliance.household import Level
from appliance.ledger import Reader
from appliance.notify.letter import Letter
from appliance.notify.texts import Reader as Who
from appliance.notify.texts import letter
from appliance.notify.week import DAYS, midnight, week, week_of, weekly
from appliance.settings import Paths
from appliance.speakers.inventory import Inventory
from tests.notify.making import NOON, RULES

DAY_S = 86_400.0


def test_the_week_is_counted(lived: Path) -> None:
    """Uploads, what was unexplained of them, and how long packets were watched, of the seven days before today."""
    with closing(Reader(Paths(state=lived / "state").ledger)) as reader:
        watched = days(reader)
        assert watched is not None
        tomorrow = watched[1] + DAY_S
        figures = week(reader, Inventory(), tomorrow, UTC)
        uploads = [each for each in entries(reader) if each.verdict.upload]
        assert figures["uploads"] == len(uploads) > figures["unexplained"] > 0
        assert figures["watched"] == round(100 * (watched[1] - watched[0]) / (DAYS * DAY_S))
        for what in ("uploads", "unexplained"):
            assert sum(figures[f"{what}-{place}"] for place in range(DAYS)) == figures[what]
        assert figures["uploads-6"] == figures["uploads"], "all of it was yesterday"
        assert week(reader, Inventory(), 40 * DAY_S, UTC)["uploads"] == 0
        assert week(reader, Inventory(), watched[1], UTC)["uploads"] == 0, "today is not over"


def test_days_are_those_of_the_clock_in_the_house() -> None:
    """Also in the weeks in which clocks are changed: a day has then 23 or 25 hours."""
    berlin = ZoneInfo("Europe/Berlin")
    for month, day, hours in ((3, 30, 167), (10, 26, 169)):
        now = datetime(2026, month, day, 9, tzinfo=berlin).timestamp()
        assert midnight(now, berlin) - midnight(now, berlin, -DAYS) == hours * 3600
        assert datetime.fromtimestamp(midnight(now, berlin, -1), berlin).hour == 0


def said(level: Level, **figures: int) -> Letter:
    return letter(weekly("c", "week-2026-25", figures, NOON, NOON + 1), Who(level, UTC, {}, "http://e", RULES))


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


@pytest.mark.parametrize(("zone", "hours"), [(UTC, 0), (ZoneInfo("Europe/Berlin"), 2), (ZoneInfo("Asia/Tokyo"), 9)])
def test_one_week_has_one_key(zone: tzinfo, hours: int) -> None:
    """From Monday's first moment, by the clock in the house, to Sunday's last."""
    monday = datetime(2026, 6, 15, tzinfo=UTC).timestamp() - hours * 3600
    assert {week_of(monday + day * DAY_S, zone) for day in range(7)} == {"week-2026-25"}
    assert [week_of(monday + at, zone) for at in (-1, 7 * DAY_S - 1, 7 * DAY_S)] == [
        f"week-2026-{number}" for number in (24, 25, 26)
    ]
