# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import OWNER, PASSWORD, VIEWER, browser_of
from web.house import House

FRESH = "a fresh password"


def test_everybody_has_an_account_page(owner: FlaskClient, viewer: FlaskClient) -> None:
    """It says who one is, and what one may do."""
    assert "You own this house" in owner.get("/account").text
    assert "Owners change" in viewer.get("/account").text


def test_a_new_password_logs_everybody_else_out(app: Flask, viewer: FlaskClient, house: House) -> None:
    """This browser goes on in a session of its own; all others, and the old password, are good for nothing."""
    other = browser_of(app, house, VIEWER)
    said = {"now": PASSWORD, "password": FRESH, "again": FRESH}
    assert viewer.post("/account/password", data=said).status_code == 303
    assert "You have another password" in viewer.get("/account").text
    assert other.get("/").status_code == 303
    assert house.accounts.users.check(VIEWER, FRESH) is not None
    assert house.accounts.users.check(VIEWER, PASSWORD) is None


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"now": "not my password"}, 403, "This is not your password"),
        ({"password": "short", "again": "short"}, 422, "at least 10 characters"),
        ({"again": "something else"}, 422, "another password than the one above"),
    ],
)
def test_what_is_wrong_is_said(owner: FlaskClient, house: House, said: dict[str, str], status: int, words: str) -> None:
    """Beside its field, and nothing is changed."""
    answer = owner.post("/account/password", data={"now": PASSWORD, "password": FRESH, "again": FRESH, **said})
    assert answer.status_code == status
    assert words in answer.text
    assert house.accounts.users.check(OWNER, PASSWORD) is not None


def test_sessions_are_ended_one_by_one_or_all(
    app: Flask, owner: FlaskClient, viewer: FlaskClient, house: House
) -> None:
    """One's own, never another's; the browser in which one says so stays."""
    phones = [browser_of(app, house, OWNER) for _ in range(3)]
    newest = house.accounts.sessions.of(OWNER, house.now())
    theirs = house.accounts.sessions.of(VIEWER, house.now())[0].id
    assert owner.get("/account").text.count('name="session"') == len(newest)
    owner.post("/account/sessions/end", data={"session": theirs})
    assert viewer.get("/").status_code == 200
    phones[0].post("/account/sessions/end", data={"session": "others"})
    assert [phone.get("/").status_code for phone in phones] == [200, 303, 303]
    assert len(house.accounts.sessions.of(OWNER, house.now())) == 1


def test_a_browser_keeps_its_language(viewer: FlaskClient) -> None:
    """It is chosen here, and one that there is not is none."""
    viewer.post("/account/language", data={"language": "fr"})
    assert '<html lang="fr"' in viewer.get("/account").text
    viewer.post("/account/language", data={"language": "xx"})
    assert '<html lang="en"' in viewer.get("/account").text


def test_a_browsers_name_is_text(app: Flask, house: House, owner: FlaskClient) -> None:
    """Whatever a browser says of itself comes back as text."""
    house.accounts.sessions.begin(OWNER, "<img src=x onerror=alert(1)>", house.now())
    assert "<img" not in owner.get("/account").text
    assert app is not None
