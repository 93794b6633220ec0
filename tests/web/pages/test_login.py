# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient

from tests.web.conftest import OWNER, PASSWORD, VIEWER
from web.house import House

RIGHT = {"name": OWNER, "password": PASSWORD}


def test_who_knows_the_password_comes_in(visitor: FlaskClient) -> None:
    """After logging in one is where one wanted to go, and the house is open."""
    answer = visitor.post("/login", data={**RIGHT, "next": "/uploads/5?day=2026-01-01"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/uploads/5?day=2026-01-01")
    assert visitor.get("/").status_code == 200
    assert visitor.get("/login").status_code == 303


def test_capitals_of_a_name_do_not_matter(visitor: FlaskClient) -> None:
    """Phones begin every word with a capital."""
    assert visitor.post("/login", data={"name": OWNER.upper(), "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize("name", [OWNER, "Mallory", "", "<img src=x onerror=alert(1)>"])
def test_who_does_not_know_it_stays_outside(visitor: FlaskClient, name: str) -> None:
    """The same is said whether or not there is such a user; what was typed comes back as text."""
    answer = visitor.post("/login", data={"name": name, "password": "wrong password"})
    assert answer.status_code == 403
    assert "do not belong together" in answer.text
    assert "<img" not in answer.text
    assert visitor.get("/").status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "evil",
        "javascript:alert(1)",
        "/\t/evil.example",
        "",
    ],
)
def test_the_way_in_leads_nowhere_else(visitor: FlaskClient, elsewhere: str) -> None:
    """Whatever somebody was sent to the door with, they are in this house afterwards."""
    assert visitor.post("/login", data={**RIGHT, "next": elsewhere}).headers["Location"] == "/"


def test_whoever_leaves_is_out(viewer: FlaskClient, house: House) -> None:
    """Logging out ends the session, here and in the file."""
    assert viewer.post("/logout").headers["Location"] == "/login"
    assert viewer.get("/").status_code == 303
    assert house.accounts.sessions.of(VIEWER, house.now()) == []


def test_a_form_from_before_is_no_use_afterwards(visitor: FlaskClient) -> None:
    """Whoever knew what the forms of this browser were bound to before somebody logged in, does not any more."""
    assert visitor.post("/login", data=RIGHT).status_code == 303
    assert visitor.post("/logout").status_code == 400
