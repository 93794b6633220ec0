# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient

from web.house import House


def test_who_lives_here(reading: FlaskClient, house: House) -> None:
    """Every device of the registry is told, and which of them count as speakers."""
    every = reading.get("/api/v1/devices").get_json()["items"]
    speakers = reading.get("/api/v1/speakers").get_json()["items"]
    assert {each["device"] for each in every} == {each.mac for each in house.registry.inventory.devices}
    assert speakers == [each for each in every if each["watched"]] != []
    assert reading.get(f"/api/v1/devices/{every[0]['device']}").get_json() == every[0]
    assert reading.get("/api/v1/devices/00:00:00:00:00:00").status_code == 404
    assert reading.get("/api/v1/devices/kitchen").status_code == 422


def test_the_owner_has_the_last_word(control: FlaskClient, house: House) -> None:
    """What the owner says stands above what was found; what is not said stays, and null takes a word back."""
    found = control.get("/api/v1/speakers").get_json()["items"][0]
    place = f"/api/v1/devices/{found['device']}"
    said = control.patch(place, json={"name": "Ada's", "wake_words": ["computer"]}).get_json()
    assert (said["name"], said["owner"]["wake_words"]) == ("Ada's", ["computer"])
    assert said["owner"]["room"] == found["owner"]["room"]
    assert control.patch(place, json={"status": "ignored"}).get_json()["watched"] is False
    assert control.get(place).get_json()["name"] == "Ada's"
    back = control.patch(place, json={"name": None, "status": None}).get_json()
    assert back["watched"] is True
    assert back["owner"]["name"] is None
    assert any(each.owner.wake_words == ("computer",) for each in house.registry.inventory.devices)


def test_what_cannot_be_said(control: FlaskClient, reading: FlaskClient) -> None:
    """Nothing is said of what was never seen, by programs that may only read, or of what is no word of the owner's."""
    device = reading.get("/api/v1/speakers").get_json()["items"][0]["device"]
    assert control.patch("/api/v1/devices/00:00:00:00:00:00", json={"name": "x"}).status_code == 404
    assert reading.patch(f"/api/v1/devices/{device}", json={"name": "x"}).status_code == 403
    assert control.patch(f"/api/v1/devices/{device}", json={"confidence": 1}).status_code == 422
