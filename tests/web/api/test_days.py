# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient

from appliance.diary.entries import entries
from web.house import House


def test_a_day_has_every_entry_of_it(reading: FlaskClient, house: House) -> None:
    """Every entry with a device lies on its device's lane, by its id, verdict and bytes; lanes have names."""
    span = reading.get("/api/v1/days").get_json()
    assert span["first"] == span["last"]
    day = reading.get(f"/api/v1/days/{span['first']}").get_json()
    with house.reader() as reader:
        every = entries(reader)
    assert day["ended_at"] - day["started_at"] == 86_400
    assert all(day["started_at"] <= each.time < day["ended_at"] for each in every)
    found = {mark[5]: (lane["device"], mark[2], mark[3]) for lane in day["lanes"] for mark in lane["uploads"]}
    assert found == {
        each.id: (
            each.verdict.device,
            each.verdict.upload.bytes_up if each.verdict.upload else 0,
            each.verdict.verdict,
        )
        for each in every
    }
    assert all(lane["name"] for lane in day["lanes"])
    sums = {lane["sent"] for lane in day["lanes"] if lane["uploads"]}
    assert sums
    assert all("upload" in each and "B" in each for each in sums)
    assert day["simulated"] is True
    assert day["headline"]["sentence"]
    assert any(lane["wakes"] for lane in day["lanes"])
    assert day["watched"]


def test_a_day_of_nothing(reading: FlaskClient) -> None:
    """A day on which nobody watched is empty, not missing."""
    day = reading.get("/api/v1/days/2001-02-03").get_json()
    assert day["watched"] == []
    assert not any(lane["uploads"] for lane in day["lanes"])


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-02-30", 422),
        ("today", 422),
        ("0001-01-01", 404),
        ("9999-12-31", 404),
        ("\N{ARABIC-INDIC DIGIT TWO}026-01-01", 422),
        ("0", 422),
    ],
)
def test_what_is_no_day(reading: FlaskClient, day: str, status: int) -> None:
    """What no calendar has, and what no clock of ours shows, is told apart from a day of nothing."""
    assert reading.get(f"/api/v1/days/{day}").status_code == status
