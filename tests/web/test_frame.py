# SPDX-License-Identifier: GPL-2.0-or-later
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import web
from web.frame import asset, theme


def test_an_asset_changes_its_address_with_its_content(app: Flask) -> None:
    """What browsers keep is asked for anew once it is another."""
    with app.test_request_context():
        one, other = asset("css/app.css"), asset("css/palette.css")
    assert re.fullmatch(r"/static/css/app\.css\?v=[0-9a-f]{10}", one)
    assert one.rsplit("=")[1] != other.rsplit("=")[1]


@pytest.mark.parametrize(("cookie", "chosen"), [("dark", "dark"), ("light", "light"), ("", ""), ("red", ""), ('"', "")])
def test_colours_are_as_chosen(app: Flask, cookie: str, chosen: str) -> None:
    """A cookie says light or dark; any other is as none."""
    with app.test_request_context(headers={"Cookie": f"theme={cookie}"}):
        assert theme() == chosen


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    """No page has a hole where an icon should be."""
    folder = Path(web.__file__).parent
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (folder / "static/icons.svg").read_text()))
    named = {
        name
        for page in (folder / "templates").glob("*.html")
        for name in re.findall(r'(?:ui\.|\b)(?:icon|empty_state)\("([a-z-]+)"', page.read_text())
    }
    assert named
    assert named <= drawn


def test_pages_have_no_code_or_style_in_them(owner: FlaskClient) -> None:
    """What the policy of the pages forbids is not in them: no inline script, no inline style, no handler."""
    page = owner.get("/").text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_what_has_its_version_in_its_address_may_be_kept(owner: FlaskClient, app: Flask) -> None:
    """A browser keeps such a file for a year, and asks for all others anew."""
    with app.test_request_context():
        address = asset("css/app.css")
    with owner.get(address) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    with owner.get("/static/css/app.css") as answer:
        assert "immutable" not in answer.headers["Cache-Control"]
