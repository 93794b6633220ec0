# SPDX-License-Identifier: GPL-2.0-or-later
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import OWNER, PASSWORD

RIGHT = {"name": OWNER, "password": PASSWORD}


def cookies(browser: FlaskClient, base: str) -> dict[str, str]:
    browser.environ_base["HTTP_ORIGIN"] = base
    answer = browser.post("/login", data=RIGHT, base_url=base)
    assert answer.status_code == 303
    return {cookie.partition("=")[0]: cookie for cookie in answer.headers.getlist("Set-Cookie")}


def test_no_script_and_no_other_site_gets_the_cookie(visitor: FlaskClient) -> None:
    """On plain HTTP the cookie is closed to scripts, and sent with requests of our own pages alone."""
    cookie = cookies(visitor, "http://localhost")["earwitness"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_over_https_the_cookie_never_leaves_it(app: Flask) -> None:
    """There it is Secure, and its name says so, by which no other machine of the domain can set it."""
    browser = app.test_client()
    page = browser.get("/login", base_url="https://localhost")
    assert "__Host-earwitness-forms=" in page.headers["Set-Cookie"]
    assert "; Secure" in page.headers["Set-Cookie"]
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    browser.environ_base["HTTP_X_CSRFTOKEN"] = token
    cookie = cookies(browser, "https://localhost")["__Host-earwitness"]
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert browser.get("/", base_url="https://localhost").status_code == 200
    assert browser.get("/").status_code == 303
