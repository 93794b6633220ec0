# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import UTC
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from appliance.diary.history import Day
from web.bars import _FLOOR, _TOP, bars

counts = st.integers(0, 3000)


@st.composite
def spans(draw: st.DrawFn) -> Day:
    uploads = draw(counts)
    misheard = draw(st.integers(0, uploads))
    start = draw(st.integers(0, 20_000)) * 86_400.0
    return Day(start, start + 86_400, uploads, 0, draw(st.integers(0, uploads - misheard)), misheard)


@given(st.lists(spans(), max_size=28))
def test_no_bar_leaves_its_field(days: list[Day]) -> None:
    """Whatever the days were, bars stand on the floor, as high as they count, and end below the top."""
    for drawing in bars(days, UTC, "a label"):
        svg = ET.fromstring(drawing)  # noqa: S314 - our own drawing
        assert svg.get("aria-label") == "a label"
        for rect in svg.iter("rect"):
            top, height = float(rect.get("y", "")), float(rect.get("height", ""))
            assert top >= _TOP - 0.1
            assert top + height <= _FLOOR + 0.1


def test_colour_is_not_the_only_sign() -> None:
    """A day on which something was unexplained has a mark of its own above its bar."""
    calm, loud = Day(0.0, 86_400.0, 5), Day(86_400.0, 172_800.0, 5, 0, 1)
    assert 'path class="unexplained"' in bars([loud], UTC, "")[0]
    assert 'path class="unexplained"' not in bars([calm], UTC, "")[0]
