# SPDX-License-Identifier: GPL-2.0-or-later
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import SIGHTING_CHARS
from appliance.sightings.text import clean_text


@given(st.binary(max_size=400) | st.text(max_size=300))
def test_text_is_safe_to_show(raw: bytes | str) -> None:
    """Whatever a device calls itself: no control characters, nothing that turns text around, a bounded length."""
    text = clean_text(raw)
    assert len(text) <= SIGHTING_CHARS
    assert all(unicodedata.category(char)[0] != "C" and char not in "\u2028\u2029" for char in text)


def test_what_controls_a_terminal_becomes_visible() -> None:
    """A replaced character stays as U+FFFD, so that one sees that something was there."""
    assert clean_text(b"a\x1b[2Jb\x00\xff") == "a\ufffd[2Jb\ufffd\ufffd"
    assert clean_text("Küche \u202egnp.exe") == "Küche \ufffdgnp.exe"
