# SPDX-License-Identifier: GPL-2.0-or-later
import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import OWNER, PASSWORD, VIEWER
from web.accounts import Role, Scope
from web.house import House

HOSTILE = "<img src=x onerror=alert(1)>"


def test_an_owner_lets_others_in(owner: FlaskClient, house: House) -> None:
    """By a name, a first password, and what they may do; they may look if nothing else was said."""
    said = {"name": HOSTILE, "password": PASSWORD, "role": "god"}
    assert owner.post("/users", data=said).status_code == 303
    user = house.accounts.users.check(HOSTILE, PASSWORD)
    assert user is not None
    assert user.role is Role.VIEWER
    page = owner.get("/users").text
    assert HOSTILE not in page
    assert "&lt;img src=x" in page


def test_what_cannot_be_is_said(owner: FlaskClient) -> None:
    """A name that is taken, a password that is too short: the page says so, with the name still there."""
    taken = owner.post("/users", data={"name": VIEWER, "password": PASSWORD, "role": "viewer"})
    assert (taken.status_code, f"a user called {VIEWER} already" in taken.text) == (422, True)
    short = owner.post("/users", data={"name": "Eve", "password": "short"})
    assert (short.status_code, 'value="Eve"' in short.text) == (422, True)


def test_users_are_changed_and_removed(owner: FlaskClient, viewer: FlaskClient, house: House) -> None:
    """Another role, another password, and gone; the last owner stays."""
    owner.post("/users/role", data={"name": VIEWER, "role": "owner"})
    assert viewer.get("/users").status_code == 200
    owner.post("/users/role", data={"name": VIEWER, "role": "viewer"})
    owner.post("/users/password", data={"name": VIEWER, "password": "a fresh password"})
    assert house.accounts.users.check(VIEWER, "a fresh password") is not None
    assert viewer.get("/").status_code == 303
    owner.post("/users/remove", data={"name": VIEWER})
    owner.post("/users/remove", data={"name": OWNER})
    assert [user.name for user in house.accounts.users.all()] == [OWNER]
    assert "is the only owner" in owner.get("/users").text


def test_a_token_is_shown_once(owner: FlaskClient, house: House) -> None:
    """After it was made, and never again; revoked it is good for nothing."""
    made = owner.post("/users/tokens", data={"name": "Grafana", "scope": "metrics"})
    found = re.search(r"ew_[\w-]{43}", made.text)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    assert found
    person = house.accounts.tokens.who(found[0], house.now())
    assert person is not None
    assert person.scope is Scope.METRICS
    page = owner.get("/users").text
    assert "Grafana" in page
    assert found[0] not in page
    owner.post("/users/tokens/revoke", data={"token": house.accounts.tokens.all()[0].id})
    assert house.accounts.tokens.who(found[0], house.now()) is None


@pytest.mark.parametrize("said", [{"name": "", "scope": "read"}, {"name": "x", "scope": "everything"}, {}])
def test_a_token_that_cannot_be(owner: FlaskClient, house: House, said: dict[str, str]) -> None:
    """Without a name or a scope there is none."""
    assert owner.post("/users/tokens", data=said).status_code == 422
    assert house.accounts.tokens.all() == ()
