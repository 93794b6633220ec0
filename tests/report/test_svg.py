# SPDX-License-Identifier: GPL-2.0-or-later
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from appliance.report.svg import Svg, group, shortened, tag


@given(st.text(), st.text())
def test_whatever_is_written_stays_text(text: str, attribute: str) -> None:
    """No text and no attribute, whatever it holds, makes an element or breaks the markup."""
    element = ET.fromstring(tag("text", text, class_=attribute))  # noqa: S314 - our own markup
    assert element.tag == "text"
    assert list(element) == []


def test_markup_is_kept_and_text_is_escaped() -> None:
    """Elements go in as they are; a plain string becomes text."""
    assert group(tag("rect", x=1.50), "<b>") == '<g><rect x="1.5"/>&lt;b&gt;</g>'


def test_attributes_are_spelt_as_in_svg() -> None:
    """An underscore inside is a hyphen; at the end it only keeps Python's words apart."""
    assert tag("g", class_="a", text_anchor="end") == '<g class="a" text-anchor="end"/>'


def test_control_characters_are_replaced() -> None:
    """Characters that XML forbids do not get in."""
    assert tag("text", "a\x00\x1b[31mb") == "<text>a\ufffd\ufffd[31mb</text>"


def test_jinja_takes_it_for_markup() -> None:
    """A page does not escape what is markup already."""
    assert Svg("<g/>").__html__() == "<g/>"


def test_long_names_are_cut_with_an_ellipsis() -> None:
    """A name never grows out of its place."""
    assert shortened("Kitchen Echo", 100, 7) == "Kitchen Echo"
    assert shortened("Kitchen Echo by the window", 100, 7) == "Kitchen Echo…"
