# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient

from web.house import House


def test_the_household_chooses(control: FlaskClient, house: House) -> None:
    """A section is chosen as a whole, the others stay; the program and the house see it at once."""
    before = control.get("/api/v1/household").get_json()
    quiet = {"on": True, "begin": "21:30:00", "end": "06:00:00", "urgent_passes": False}
    after = control.patch("/api/v1/household", json={"quiet": quiet}).get_json()
    assert after == {**before, "quiet": quiet}
    assert control.get("/api/v1/household").get_json() == after
    assert house.household.choices.quiet.on


def test_what_cannot_be_chosen(control: FlaskClient, reading: FlaskClient) -> None:
    """A zone that is none is told by its place; nothing is chosen then; and programs that read choose nothing."""
    refused = control.patch("/api/v1/household", json={"home": {"zone": "Atlantis/Centre"}, "caps": {"a_day": 3}})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "#/home/zone"
    assert control.get("/api/v1/household").get_json()["caps"]["a_day"] != 3
    assert reading.get("/api/v1/household").status_code == 403
    assert reading.patch("/api/v1/household", json={}).status_code == 403
