# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient

from appliance.diary.entries import entries
from web.house import House


def test_day_by_day(reading: FlaskClient, house: House) -> None:
    """The days up to one are told, in order; that of the simulated morning has all of a speaker's uploads."""
    day = reading.get("/api/v1/days").get_json()["first"]
    with house.reader() as reader:
        uploads = [each.verdict.upload for each in entries(reader) if each.verdict.upload]
    device = uploads[0].flow.device
    told = reading.get(f"/api/v1/devices/{device}/history?until={day}T12:00:00Z&days=3").get_json()["items"]
    assert [each["date"] for each in told] == sorted(each["date"] for each in told)
    assert told[-1]["date"] == day
    assert [each["uploads"] for each in told] == [0, 0, sum(each.flow.device == device for each in uploads)]
    assert told[-1]["bytes_up"] == sum(each.bytes_up for each in uploads if each.flow.device == device)


def test_whom_it_talks_to(reading: FlaskClient) -> None:
    """Each role is told once, with its hosts; and what others could read, with when that was."""
    day = reading.get("/api/v1/days").get_json()["first"]
    device = reading.get("/api/v1/speakers").get_json()["items"][0]["device"]
    hosts = reading.get(f"/api/v1/devices/{device}/hosts?until={day}T12:00:00Z").get_json()["items"]
    roles = [each["role"] for each in hosts]
    assert len(roles) == len(set(roles)) > 0
    assert any(each["hosts"] for each in hosts)
    for each in reading.get(f"/api/v1/devices/{device}/transport").get_json()["items"]:
        assert each["first"] <= each["last"]


@pytest.mark.parametrize("what", ["history", "hosts", "transport"])
def test_of_nobody_nothing(reading: FlaskClient, what: str) -> None:
    """Of a device that was never seen there is no history."""
    assert reading.get(f"/api/v1/devices/00:00:00:00:00:00/{what}").status_code == 404


@pytest.mark.parametrize("what", ["history", "hosts"])
def test_days_that_no_clock_shows(reading: FlaskClient, what: str) -> None:
    """The end of all calendars is no error of ours."""
    device = reading.get("/api/v1/speakers").get_json()["items"][0]["device"]
    assert reading.get(f"/api/v1/devices/{device}/{what}?until=253402300799").status_code == 404
    assert reading.get(f"/api/v1/devices/{device}/{what}?until=0").status_code == 200
