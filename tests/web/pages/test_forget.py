# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from appliance.events import Service
from appliance.evidence import Shelf
from appliance.ledger import open_ledger
from appliance.upkeep.forgetting import Forgetter, Keeper
from web.house import House


def day_of(house: House) -> str:
    """Return the day of the simulated morning."""
    with house.reader() as reader:
        ((time,),) = reader.rows("SELECT min(started_at) FROM upload")
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d")


def uploads(house: House) -> int:
    with house.reader() as reader:
        ((count,),) = reader.rows("SELECT count(*) FROM upload")
    return int(count)


def forget_all(house: House) -> None:
    """Do what the hub does with each step."""
    paths = house.settings.paths
    keeper = Keeper(paths.state, house.registry, Shelf(paths.evidence, house.settings.evidence))
    forgetter = Forgetter(house.household, keeper)
    with closing(open_ledger(paths.ledger, service=Service.HUB, now=0.0)) as ledger:
        while forgetter.step(ledger, 1, house.now()):
            pass


def test_a_day_is_forgotten(owner: FlaskClient, house: House) -> None:
    """First the page says how much that is, then an owner is sure, then the hub does it."""
    day = day_of(house)
    page = owner.get(f"/settings/forget?day={day}").text
    assert f'value="{day}"' in page
    assert "uploads, with their verdicts" in page
    asked = owner.post("/settings/forget", data={"day": day, "sure": "yes"})
    assert asked.status_code == 303
    (waiting,) = house.household.choices.forgetting
    assert waiting.until - waiting.since == 86_400
    forget_all(house)
    assert uploads(house) == 0
    assert "being forgotten" in owner.get("/settings/forget").text
    assert "A part of this day was forgotten." in owner.get(f"/?day={day}").text
    assert "A part of this day was forgotten." not in owner.get("/?day=2026-01-01").text


def test_nobody_forgets_by_accident(owner: FlaskClient, house: House) -> None:
    """Without the box nothing happens, and it is said why."""
    owner.post("/settings/forget", data={"day": ""})
    assert house.household.choices.forgetting == ()
    assert "say that you are sure" in owner.get("/settings/forget").text


def test_everything_is_up_to_now(owner: FlaskClient, house: House) -> None:
    """All of time, but for what is yet to come."""
    owner.post("/settings/forget", data={"day": "", "sure": "yes"})
    (waiting,) = house.household.choices.forgetting
    assert waiting.since == 0.0
    assert waiting.until <= house.now()


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "9999-12-31", "<img>"])
def test_what_is_no_day_is_refused(owner: FlaskClient, day: str) -> None:
    """It is said how a day is written."""
    answer = owner.get("/settings/forget", query_string={"day": day})
    assert answer.status_code == 400
    assert "<img>" not in answer.text
