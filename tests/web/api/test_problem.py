# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient


def test_what_is_wrong_is_said_to_programs(reading: FlaskClient, visitor: FlaskClient) -> None:
    """Whatever the status, a program gets a problem with its title and a sentence, and the headers that go with it."""
    missing = reading.get("/api/v1/nothing")
    wrong_way = reading.delete("/api/v1/status")
    unknown = visitor.get("/api/v1/status")
    for answer, status in ((missing, 404), (wrong_way, 405), (unknown, 401)):
        assert answer.status_code == answer.get_json()["status"] == status
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["type"] == "about:blank"
        assert answer.get_json()["detail"].endswith(".")
    assert "GET" in wrong_way.headers["Allow"]
    assert unknown.headers["WWW-Authenticate"] == "Bearer"


def test_people_get_pages(owner: FlaskClient) -> None:
    """What is wrong with a page is not said as JSON."""
    assert owner.get("/nothing").mimetype == "text/html"


def test_a_pointer_leads_to_what_is_wrong(control: FlaskClient, reading: FlaskClient) -> None:
    """In a body by JSON pointer, in an address by the parameter's name; all that is wrong is told."""
    device = reading.get("/api/v1/devices").get_json()["items"][0]["device"]
    body = {"wake_words": ["alexa", "\x07"], "a/b~c": 1, "status": "maybe"}
    told = control.patch(f"/api/v1/devices/{device}", json=body).get_json()
    assert {each["pointer"] for each in told["errors"]} == {"#/wake_words/1", "#/a~1b~0c", "#/status"}
    assert all(each["parameter"] is None for each in told["errors"])
    told = reading.get("/api/v1/traffic?step=year&device=x").get_json()
    assert {each["parameter"] for each in told["errors"]} == {"step", "device"}
