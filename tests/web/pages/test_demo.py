# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from appliance.settings import CaptureSettings, Placement, Settings, WebSettings
from web.accounts import Role
from web.accounts.key import DemoKey
from web.app import create_app
from web.house import House
from web.pages.demo import OWNER


def served(house: House, placement: Placement, address: str) -> House:
    """Return the house as if it stood there and were served at that address."""
    at = WebSettings(address=ip_address(address))
    settings = Settings(
        capture=CaptureSettings(placement=placement, file=Path("day.pcapng")), web=at, paths=house.settings.paths
    )
    return replace(house, settings=settings)


@pytest.fixture
def demo(house: House) -> Flask:
    """The application of a demo."""
    house.accounts.users.add(OWNER, Role.OWNER, "nobody knows this one", 0.0)
    return create_app(served(house, Placement.REPLAY, "127.0.0.1"))


@pytest.fixture
def key(demo: Flask, house: House) -> str:  # noqa: ARG001 - its house has an owner
    """The key that its console shows."""
    return DemoKey(house.settings.paths.state).make()


def browser(demo: Flask) -> FlaskClient:
    """A browser in which nobody is logged in."""
    return demo.test_client()


def test_the_link_makes_its_browser_the_owners(demo: Flask, key: str) -> None:
    """From then on everything is open to it, and the key stands in no address any more."""
    mine = browser(demo)
    answer = mine.get(f"/demo?key={key}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert mine.get("/settings").status_code == 200
    assert mine.get(f"/demo?key={key}").headers["Location"] == "/", "whoever is in goes on"


def test_the_link_works_once(demo: Flask, key: str) -> None:
    """Whoever comes second, or guesses, stays outside, and is told where there is another link."""
    for wrong in ("", "guessed", key + "x"):
        assert browser(demo).get("/demo", query_string={"key": wrong}).status_code == 403
    assert browser(demo).get(f"/demo?key={key}").status_code == 303
    late = browser(demo)
    refused = late.get(f"/demo?key={key}")
    assert refused.status_code == 403
    assert "The console shows a new one" in refused.text
    assert late.get("/").headers["Location"].startswith("/login")


def test_every_page_says_that_nothing_is_real(demo: Flask, key: str) -> None:
    """Also those on which nobody is logged in yet."""
    mine = browser(demo)
    assert "Simulated household." in mine.get("/login").text
    mine.get(f"/demo?key={key}")
    for page in ("/", "/uploads", "/speakers", "/ears", "/alerts", "/health", "/settings", "/account", "/nowhere"):
        assert "Simulated household." in mine.get(page).text, page


@pytest.mark.parametrize(
    ("placement", "address"),
    [(Placement.BRIDGE, "127.0.0.1"), (Placement.REPLAY, "::"), (Placement.REPLAY, "192.168.1.2")],
)
def test_a_house_that_others_reach_has_no_such_way_in(house: House, placement: Placement, address: str) -> None:
    """Neither a real house nor a replay that is served to the network knows the page, whatever key there is."""
    app = create_app(served(house, placement, address))
    key = DemoKey(house.settings.paths.state).make()
    assert browser(app).get(f"/demo?key={key}").headers["Location"].startswith("/login")
    assert "Simulated household." not in browser(app).get("/login").text
