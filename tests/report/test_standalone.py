# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from appliance.report.names import Names
from appliance.report.palette import DARK, LIGHT
from appliance.report.standalone import describe, picture
from appliance.report.timeline import lay_out
from tests.report.household import household

SVG = "{http://www.w3.org/2000/svg}"


def test_it_says_what_it_shows() -> None:
    """The picture has a role, a title and a description for those who do not see it."""
    root = ET.fromstring(picture(household()))  # noqa: S314 - our own markup
    assert (root.tag, root.get("role"), root.get("aria-labelledby")) == (f"{SVG}svg", "img", "title desc")
    titles = {element.get("id"): element.text or "" for element in root}
    assert titles["title"].startswith("Your Office Sonos sent")
    assert "Living room Nest: 15 events" in titles["desc"]


def test_what_is_simulated_says_so() -> None:
    """A household that does not exist is never shown without a word of it."""
    assert "Simulated household" in picture(household())
    assert "imulated" not in picture(replace(household(), simulated=False))


@pytest.mark.parametrize(("theme", "has", "lacks"), [("light", LIGHT, DARK), ("dark", DARK, LIGHT)])
def test_a_theme_can_be_fixed(theme: str, has: dict[str, str], lacks: dict[str, str]) -> None:
    """Light and dark can be asked for; each is then complete in itself."""
    drawn = picture(household(), "dark" if theme == "dark" else "light")
    assert has["asked"] in drawn
    assert lacks["asked"] not in drawn


def test_it_refers_to_nothing_outside() -> None:
    """The picture needs no network: no address but SVG's own name."""
    drawn = picture(household()).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in drawn
    assert "@import" not in drawn


def test_the_description_of_nothing() -> None:
    """Even a report without speakers has a description."""
    report = replace(household(), devices=[], placements=[], uploads=[], verdicts=[])
    assert describe(report, lay_out(report, Names(report))).endswith("No speaker.")
