# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import USER_AGENT_CHARACTERS
from web.browsers import browser_of


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) Version/18.4 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "?"),
    ],
)
def test_what_browsers_are_called(header: str, name: str) -> None:
    """A browser is named as its user names it."""
    assert browser_of(header) == name


@given(st.text())
def test_any_header_makes_a_short_name(header: str) -> None:
    """Whatever a browser says of itself, its name is short, and has nothing but printable characters."""
    name = browser_of(header)
    assert 0 < len(name) <= USER_AGENT_CHARACTERS
    assert name.isprintable()
