# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask import Flask
from flask.testing import FlaskClient

from appliance.limits import ATTEMPTS
from tests.web.conftest import PASSWORD, with_forms
from web.house import House, the_house

MINE = {"name": "Ada", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def newcomer(new_app: Flask) -> FlaskClient:
    return with_forms(new_app, new_app.test_client())


@pytest.fixture
def new_house(new_app: Flask) -> House:
    with new_app.app_context():
        return the_house()


def test_the_first_page_asks_for_the_language(newcomer: FlaskClient) -> None:
    """Each language is called as it calls itself; what is chosen is spoken from then on."""
    page = newcomer.get("/setup")
    assert page.status_code == 200
    assert all(name in page.text for name in ("English", "Deutsch", "Français"))
    assert newcomer.post("/setup/language", data={"language": "de"}).headers["Location"] == "/setup/owner"
    assert 'lang="de"' in newcomer.get("/setup/owner").text


def test_who_has_the_code_owns_the_house(newcomer: FlaskClient, new_house: House) -> None:
    """They are logged in at once, the code is gone, and the first run goes on with where it stands."""
    newcomer.post("/setup/language", data={"language": "fr"})
    code = new_house.accounts.code.make()
    answer = newcomer.post("/setup/owner", data={**MINE, "code": code.upper()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/setup/placement")
    assert newcomer.get("/setup/placement").status_code == 200
    assert new_house.accounts.code.read() is None
    (owner,) = new_house.accounts.users.all()
    assert (owner.name, owner.role) == ("Ada", "owner")
    assert new_house.household.choices.home.language == "fr"


def test_afterwards_the_first_pages_are_not_there(newcomer: FlaskClient, new_house: House) -> None:
    """Nobody else becomes owner by them: neither who has the code still, nor the owner."""
    code = new_house.accounts.code.make()
    newcomer.post("/setup/owner", data={**MINE, "code": code})
    new_house.accounts.code.make()
    for page in ("/setup", "/setup/owner"):
        assert newcomer.get(page).status_code == 404
    eve = {**MINE, "name": "Eve", "code": new_house.accounts.code.read()}
    assert newcomer.post("/setup/owner", data=eve).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "wrong"}, "This is not the code"),
        ({"password": "short", "again": "short"}, "at least 10 characters"),
        ({"again": "something else"}, "another password than the one above"),
        ({"name": ""}, "at least one letter"),
        ({"name": "<script>"}, ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    newcomer: FlaskClient, new_house: House, typed: dict[str, str], said: str
) -> None:
    """Nothing that was typed is lost but the passwords, and nobody owns the house."""
    code = new_house.accounts.code.make()
    answer = newcomer.post("/setup/owner", data={**MINE, "code": code, **typed})
    if not said:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert PASSWORD not in answer.text
    assert not new_house.accounts.users.owned()


def test_the_code_cannot_be_guessed(newcomer: FlaskClient, new_house: House) -> None:
    """After some wrong ones even the right one has to wait."""
    code = new_house.accounts.code.make()
    for _ in range(ATTEMPTS):
        assert newcomer.post("/setup/owner", data={**MINE, "code": "aaaa-aaaa"}).status_code == 422
    assert newcomer.post("/setup/owner", data={**MINE, "code": code}).status_code == 429


def test_without_a_code_nobody_becomes_owner(newcomer: FlaskClient, new_house: House) -> None:
    """A house whose code is missing lets nobody in, whatever they type."""
    for code in ("", "-", "None"):
        assert newcomer.post("/setup/owner", data={**MINE, "code": code}).status_code == 422
    assert not new_house.accounts.users.owned()
