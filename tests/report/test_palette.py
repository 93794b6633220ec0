# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.report.palette import DARK, LIGHT, properties, style_in_pages, style_of_pictures

TEXT, MARK = 4.5, 3.0
#: Which colour is used on which ground, and the contrast that WCAG 2.2 asks for.
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "muted") for ground in ("paper", "card")),
    *((ink, "card", TEXT) for ink in ("unexplained", "notice", "good")),
    ("unexplained", "alert-ground", TEXT),
    ("notice", "notice-ground", TEXT),
    ("good", "quiet-ground", TEXT),
    ("muted", "unheard-ground", TEXT),
    ("muted", "lane", TEXT),
    *((mark, "lane", MARK) for mark in ("asked", "call", "notice", "unexplained", "unheard")),
    *((mark, "speech", MARK) for mark in ("asked", "unexplained", "notice")),
]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_contrast(theme: dict[str, str], ink: str, ground: str, least: float) -> None:
    """Text and marks can be told from their ground by everyone (WCAG 2.2, 1.4.3 and 1.4.11)."""
    one, other = sorted((luminance(theme[ink]), luminance(theme[ground])))
    assert (other + 0.05) / (one + 0.05) >= least


def test_both_themes_have_the_same_colours() -> None:
    """No colour is forgotten in the dark."""
    assert LIGHT.keys() == DARK.keys()


def test_a_picture_can_follow_or_be_fixed() -> None:
    """A fixed theme names its own colours alone; the other follows the reader's setting."""
    assert LIGHT["asked"] not in style_of_pictures("dark")
    assert "prefers-color-scheme" not in style_of_pictures("light")
    assert {LIGHT["asked"], DARK["asked"]} <= set(style_of_pictures("auto").replace("}", ":").split(":"))


def test_pages_colour_pictures_by_their_own_properties() -> None:
    """Inside a page a picture takes each colour from the page."""
    assert "var(--asked)" in style_in_pages()
    assert "#" not in style_in_pages()
    assert properties({"asked": "#fff"}) == "--asked:#fff;"
