# SPDX-License-Identifier: GPL-2.0-or-later
"""A simulated morning that went through the services, and the web application that shows it."""

import shutil
from pathlib import Path

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from appliance.household import Household
from appliance.settings import Paths, Settings
from appliance.speakers.registry import Registry
from tests.live.house import RULES
from web.accounts import Accounts, Role
from web.app import create_app
from web.house import House

OWNER, VIEWER = "Ada", "Bert"
PASSWORD = "correct horse battery"  # noqa: S105 - of people who were made up


@pytest.fixture(scope="session")
def accounts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of accounts, with an owner and a viewer."""
    folder = tmp_path_factory.mktemp("accounts")
    accounts = Accounts(folder)
    accounts.users.add(OWNER, Role.OWNER, PASSWORD, 0.0)
    accounts.users.add(VIEWER, Role.VIEWER, PASSWORD, 0.0)
    return folder / "accounts.json"


def house_in(folder: Path) -> House:
    """Return the house that is kept in ``folder``."""
    places = {"state": "state", "run": "run", "rules": "rules.d", "install": "install"}
    settings = Settings(paths=Paths(**{name: folder / where for name, where in places.items()}))
    paths = settings.paths
    return House(settings, RULES, Registry(paths.registry, 0.0), Accounts(paths.state), Household(paths.household))


@pytest.fixture
def house(lived: Path, accounts_file: Path, tmp_path: Path) -> House:
    """A house of one's own to change, in which the simulated morning happened; Ada owns it, and Bert may look."""
    folder = tmp_path / "house"
    shutil.copytree(lived, folder)
    shutil.copy(accounts_file, folder / "state")
    return house_in(folder)


@pytest.fixture
def app(house: House) -> Flask:
    """The application that shows it."""
    return create_app(house)


@pytest.fixture
def new_app(lived: Path, tmp_path: Path) -> Flask:
    """The application of a house that nobody owns by now."""
    folder = tmp_path / "new"
    shutil.copytree(lived, folder)
    return create_app(house_in(folder))


@pytest.fixture
def owner(app: Flask, house: House) -> FlaskClient:
    """A browser in which the owner is logged in; its changes are not refused as forged."""
    return browser_of(app, house, OWNER)


@pytest.fixture
def viewer(app: Flask, house: House) -> FlaskClient:
    """A browser in which the viewer is logged in."""
    return browser_of(app, house, VIEWER)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser in which nobody is logged in."""
    return with_forms(app, app.test_client())


def browser_of(app: Flask, house: House, name: str) -> FlaskClient:
    """Return a browser in which that user is logged in."""
    browser = with_forms(app, app.test_client())
    browser.set_cookie("earwitness", house.accounts.sessions.begin(name, "Firefox", house.now()))
    return browser


def with_forms(app: Flask, browser: FlaskClient) -> FlaskClient:
    """Have a browser send what a page of ours would with each change."""
    with app.test_request_context():
        token, raw = generate_csrf(), session["csrf_token"]
    with browser.session_transaction() as kept:
        kept["csrf_token"] = raw
    browser.environ_base.update(HTTP_ORIGIN="http://localhost", HTTP_X_CSRFTOKEN=token)
    return browser
