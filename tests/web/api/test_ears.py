# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient

from appliance.limits import API_LAST_WORDS
from appliance.status import EarStatus, Listening, write_status
from web.house import House


def test_what_ears_heard_last(reading: FlaskClient, house: House) -> None:
    """Each ear of the house has its room, its last words, newest first, and is absent where nobody listens."""
    ears = reading.get("/api/v1/ears").get_json()["items"]
    assert {(each["ear"], each["room"]) for each in ears} == {
        (each.name, each.room) for each in house.registry.inventory.ears
    }
    assert {each["state"] for each in ears} == {"absent"}
    assert any(each["last"] for each in ears)
    for ear in ears:
        times = [word["time"] for word in ear["last"]]
        assert times == sorted(times, reverse=True)
        assert len(times) <= API_LAST_WORDS
        assert {word["ear"] for word in ear["last"]} <= {ear["ear"]}


def test_how_loud_it_is(reading: FlaskClient, house: House) -> None:
    """An ear that listens has its level; one that nobody furnished is told too."""
    ears = {"new-mic": Listening(covered_since=0.0, covered_until=9.0, level=-30.0, lost=2)}
    status = EarStatus(
        service="ears", boot="b", time=9.0, started_at=0.0, pid=1, state="listening", version="1", ears=ears
    )
    write_status(house.settings.paths.run, status)
    told = {each["ear"]: each for each in reading.get("/api/v1/ears").get_json()["items"]}
    assert (told["new-mic"]["level"], told["new-mic"]["lost"], told["new-mic"]["room"]) == (-30.0, 2, None)


def test_an_ear_moves(control: FlaskClient, house: House) -> None:
    """An ear is where its owner says; one that is not of the house is nowhere."""
    name = house.registry.inventory.ears[0].name
    assert control.put(f"/api/v1/ears/{name}", json={"room": "attic"}).get_json() == {"ear": name, "room": "attic"}
    assert {each.name: each.room for each in house.registry.inventory.ears}[name] == "attic"
    assert control.put(f"/api/v1/ears/{name}", json={"room": None}).get_json()["room"] is None
    assert control.put("/api/v1/ears/nobody", json={"room": "attic"}).status_code == 404
    assert control.put(f"/api/v1/ears/{name}", json={}).status_code == 422
