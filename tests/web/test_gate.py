# SPDX-License-Identifier: GPL-2.0-or-later
"""Who gets in: every route of the application is walked, by everybody."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Route

from appliance.limits import ATTEMPTS, ATTEMPTS_IN_ALL
from tests.web.conftest import OWNER, PASSWORD, VIEWER, with_forms
from web.access import Access, Rule, rule_of
from web.accounts import Role, Scope
from web.app import create_app
from web.house import House

REFUSED = {401, 403}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes(app: Flask) -> Iterator[tuple[Route, str, str]]:
    """Yield each route with its address, of something that is not there, and with each of its methods."""
    with app.test_request_context():
        for route in app.url_map.iter_rules():
            arguments = {
                name: 0 if "int" in str(type(kind)).lower() else "0" for name, kind in route._converters.items()
            }
            for method in sorted((route.methods or set()) & set(METHODS)):
                yield route, app.url_map.bind("localhost").build(route.endpoint, arguments, method), method


def rule(app: Flask, route: Route) -> Rule:
    found = rule_of(app.view_functions[route.endpoint])
    assert found, f"{route} says not who may come in: put @access(...) under its route"
    return found


def turned_away(browser: FlaskClient, address: str, method: str) -> bool:
    """Whether a browser is refused, or sent to the door."""
    answer = browser.open(address, method=method)
    onward = answer.headers.get("Location", "")
    return answer.status_code in REFUSED or onward.startswith("/login") or onward == "/setup"


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    """A view that declares nothing is a mistake, and lets nobody in."""
    assert [str(route) for route in app.url_map.iter_rules() if not rule_of(app.view_functions[route.endpoint])] == []


def test_whoever_did_not_log_in_sees_what_is_open_and_nothing_else(app: Flask, visitor: FlaskClient) -> None:
    """Without logging in, pages lead to the door, and the API says 401."""
    for route, address, method in routes(app):
        who = rule(app, route).who
        if who is Access.NEWCOMER:
            assert visitor.open(address, method=method).status_code == 404, route
        elif who is not Access.OPEN:
            assert turned_away(visitor, address, method), (method, address)


def test_a_viewer_is_no_owner(app: Flask, viewer: FlaskClient) -> None:
    """A viewer sees what is for viewers, and is refused what is for owners."""
    for route, address, method in routes(app):
        if (who := rule(app, route).who) is Access.OWNER:
            assert viewer.open(address, method=method).status_code == 403, (method, address)
        elif who is Access.VIEWER and method == "GET":
            assert not turned_away(viewer, address, method), (method, address)


def test_an_owner_may_see_everything(app: Flask, owner: FlaskClient) -> None:
    """No page of the house is closed to who owns it."""
    for route, address, method in routes(app):
        if rule(app, route).who is not Access.NEWCOMER and method == "GET":
            assert not turned_away(owner, address, method), (method, address)


@pytest.mark.parametrize("scope", Scope)
def test_a_token_is_good_for_its_scope_alone(app: Flask, house: House, scope: Scope) -> None:
    """Programs come in where their scope is named, and nowhere else, whatever session is beside their token."""
    program = app.test_client()
    program.set_cookie("earwitness", house.accounts.sessions.begin(OWNER, "Firefox", house.now()))
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {house.accounts.tokens.add('mine', scope, 0.0)}"
    for route, address, method in routes(app):
        declared = rule(app, route)
        if declared.who in {Access.OPEN, Access.NEWCOMER}:
            continue
        if declared.scope is None or not scope.covers(declared.scope):
            assert program.open(address, method=method).status_code == 403, (method, address)
        elif method == "GET":
            assert program.open(address, method=method).status_code not in REFUSED, (method, address)


def test_what_scopes_cover() -> None:
    """Each covers itself; control covers reading too; no other covers another."""
    covered = {(one.value, other.value) for one in Scope for other in Scope if one is not other and one.covers(other)}
    assert covered == {("control", "read")}
    assert all(scope.covers(scope) for scope in Scope)


def test_a_wrong_token_is_no_login(app: Flask, house: House) -> None:
    """A token that nobody made, or that was revoked, is refused, even in a browser where the owner is logged in."""
    program = app.test_client()
    program.set_cookie("earwitness", house.accounts.sessions.begin(OWNER, "Firefox", house.now()))
    secret = house.accounts.tokens.add("mine", Scope.READ, 0.0)
    house.accounts.tokens.revoke(house.accounts.tokens.all()[0].id)
    for header in (f"Bearer {secret}", "Bearer ", "Bearer ew_x", "Basic QWRhOng=", f"Basic {secret}"):
        assert program.get("/", headers={"Authorization": header}).status_code == 401, header


def test_where_there_is_nothing_only_people_of_the_house_learn_it(visitor: FlaskClient, viewer: FlaskClient) -> None:
    """Who did not log in cannot find out which pages there are."""
    assert visitor.get("/no/such/page").headers["Location"] == "/login?next=/no/such/page"
    assert visitor.get("/api/v1/no/such/thing").status_code == 401
    assert viewer.get("/no/such/page").status_code == 404


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Referer": "http://homeassistant.local/"}])
def test_a_link_from_another_site_comes_again(visitor: FlaskClient, headers: dict[str, str]) -> None:
    """Browsers keep the cookie back then: a page of ours asks for the same once more, and only then for who it is."""
    answer = visitor.get("/uploads/5", headers=headers)
    assert (answer.status_code, 'http-equiv="refresh"' in answer.text) == (200, True)
    for ours in ({"Sec-Fetch-Site": "same-origin"}, {"Referer": "http://localhost/uploads/5"}):
        assert visitor.get("/uploads/5", headers=ours).headers["Location"] == "/login?next=/uploads/5"
    assert visitor.get("/api/v1/status", headers=headers).status_code == 401


def test_a_view_that_declares_nothing_lets_nobody_in(house: House) -> None:
    """Not even the owner sees a page that says not who it is for."""
    app = create_app(house)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    browser = app.test_client()
    browser.set_cookie("earwitness", house.accounts.sessions.begin(OWNER, "Firefox", house.now()))
    assert browser.get("/forgotten").status_code == 403


def test_before_there_is_an_owner_every_page_leads_to_the_first_run(new_app: Flask) -> None:
    """Nothing is shown in a house that nobody owns; programs are told that they are nobody."""
    browser = new_app.test_client()
    for route, address, method in routes(new_app):
        if rule(new_app, route).who > Access.NEWCOMER:
            answer = browser.open(address, method=method)
            assert answer.status_code == 401 or answer.headers["Location"] == "/setup", (method, address)


CROSS = ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"})


@pytest.mark.parametrize("headers", [*CROSS, {"Origin": "null"}, {"Origin": "https://localhost"}])
def test_a_foreign_page_changes_nothing(owner: FlaskClient, headers: dict[str, str]) -> None:
    """A change asked for by somebody else's page is refused, even with a token that fits."""
    assert owner.post("/logout", headers=headers).status_code == 403


def test_a_change_needs_the_token_of_its_form(owner: FlaskClient) -> None:
    """Without the token, or with another browser's, nothing is changed; so too where no origin is told."""
    owner.environ_base.pop("HTTP_X_CSRFTOKEN")
    assert owner.post("/logout").status_code == 400
    assert owner.post("/logout", data={"csrf_token": "nonsense"}).status_code == 400
    owner.environ_base.pop("HTTP_ORIGIN")
    assert owner.post("/logout").status_code == 403
    assert owner.get("/").status_code == 200


def test_attempts_of_one_address_are_limited(visitor: FlaskClient, owner: FlaskClient) -> None:
    """After some wrong passwords an address must wait, whatever it tries, and is told how long; others need not."""
    wrong = {"name": OWNER, "password": "wrong password"}
    assert [visitor.post("/login", data=wrong).status_code for _ in range(ATTEMPTS)] == [403] * ATTEMPTS
    answer = visitor.post("/login", data={"name": OWNER, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 101
    assert visitor.get("/login").status_code == 200
    assert owner.get("/").status_code == 200
    right = {"name": OWNER, "password": PASSWORD}
    there = visitor.post("/login", data=right, environ_overrides={"REMOTE_ADDR": "192.168.1.77"})
    assert there.status_code == 303


def attempt(browser: FlaskClient, address: str) -> int:
    """Try a code from an address; a wrong code costs no hash."""
    return browser.post("/setup/owner", data={}, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_attempts_of_all_addresses_together_are_limited(new_app: Flask) -> None:
    """Who has many addresses has no more attempts."""
    newcomer = with_forms(new_app, new_app.test_client())
    codes = [attempt(newcomer, f"10.0.0.{each}") for each in range(ATTEMPTS_IN_ALL + 1)]
    assert codes == [422] * ATTEMPTS_IN_ALL + [429]


def test_addresses_of_one_ipv6_network_are_one(new_app: Flask) -> None:
    """A machine that takes a new IPv6 address for each attempt has no more of them; IPv4 is told apart within IPv6."""
    newcomer = with_forms(new_app, new_app.test_client())
    assert [attempt(newcomer, f"fd00::{each:x}") for each in range(ATTEMPTS + 1)] == [422] * ATTEMPTS + [429]
    assert attempt(newcomer, "::ffff:192.168.1.7") == 422
    assert attempt(newcomer, "not an address") == 422


def test_a_large_request_is_refused(owner: FlaskClient) -> None:
    """What is larger than a view says it needs is not read."""
    assert owner.post("/logout", data={"x": "y" * 300_000}).status_code == 413


def test_a_viewer_who_becomes_owner_may_at_once(house: House, viewer: FlaskClient) -> None:
    """Rights are looked at anew with each request; so is whether there is such a user."""
    house.accounts.users.set_role(VIEWER, Role.OWNER)
    assert viewer.get("/").status_code == 200
    house.accounts.users.remove(VIEWER)
    assert turned_away(viewer, "/", "GET")
