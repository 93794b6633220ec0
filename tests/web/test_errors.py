# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask import Flask
from flask.testing import FlaskClient

from appliance.limits import ATTEMPTS
from tests.web.conftest import OWNER, PASSWORD
from web.access import Access, access
from web.house import House


def test_what_is_not_there_is_said_as_a_page(owner: FlaskClient) -> None:
    """In the looks of all others, with a way on, and without a word of what was asked for."""
    answer = owner.get("/<img src=x onerror=alert(1)>")
    assert answer.status_code == 404
    assert "<h1>There is nothing here</h1>" in answer.text
    assert "<img" not in answer.text
    assert 'href="/"' in answer.text


def test_each_refusal_says_what_to_do(owner: FlaskClient, viewer: FlaskClient, visitor: FlaskClient) -> None:
    """Not for viewers, a form that does not fit, too much at once, too many tries, a method that is none."""
    assert "Owners of the house may do this" in viewer.get("/users").text
    wrong = owner.post("/logout", headers={"X-CSRFToken": "nonsense"})
    assert (wrong.status_code, "load it anew" in wrong.text) == (400, True)
    large = owner.post("/logout", data={"x": "y" * 300_000})
    assert (large.status_code, "too large" in large.text) == (413, True)
    other = owner.put("/account")
    assert (other.status_code, "GET" in other.headers["Allow"]) == (405, True)
    for _ in range(ATTEMPTS):
        visitor.post("/login", data={"name": "x", "password": "y"})
    waits = visitor.post("/login", data={"name": "x", "password": "y"})
    assert (waits.status_code, "Wait two minutes" in waits.text, "Retry-After" in waits.headers) == (429, True, True)


@pytest.mark.parametrize("address", ["/broken", "/api/v1/broken"])
def test_a_page_that_fails_says_so_and_nothing_of_why(app: Flask, owner: FlaskClient, address: str) -> None:
    """The journal has the reason; whoever asked learns that watching goes on."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule(address, "broken", access(Access.VIEWER)(lambda: str(1 // 0)))
    answer = owner.get(address)
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert ("go on all the while" in answer.text) == (address == "/broken")


def test_a_disk_that_takes_no_session_is_said(visitor: FlaskClient, house: House) -> None:
    """Whoever cannot be logged in for it learns why; whoever is in stays in."""
    (house.settings.paths.state / "accounts.json.new").mkdir()
    answer = visitor.post("/login", data={"name": OWNER, "password": PASSWORD})
    assert (answer.status_code, "cannot be written" in answer.text) == (503, True)
    assert "Set-Cookie" not in answer.headers or "earwitness=" not in answer.headers["Set-Cookie"]


def test_accounts_that_break_meanwhile_let_nobody_in(owner: FlaskClient, house: House) -> None:
    """Neither people nor programs, and never to a first run."""
    (house.settings.paths.state / "accounts.json").write_text("{")
    for address in ("/", "/setup", "/login", "/api/v1/status", "/nowhere"):
        assert owner.get(address).status_code == 503, address
