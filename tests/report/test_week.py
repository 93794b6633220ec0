# SPDX-License-Identifier: GPL-2.0-or-later
import re
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from appliance.report.week import HEIGHT, WIDTH, Day, picture

counts = st.integers(0, 10_000)
days = st.lists(
    st.tuples(st.text(max_size=3), counts, counts).map(lambda said: Day(said[0], max(said[1:]), min(said[1:]))),
    min_size=7,
    max_size=7,
)


@given(days)
def test_whatever_the_week_was_it_is_a_picture(week: list[Day]) -> None:
    """Well-formed, every shape within it, the number of each day in it; labels are text whatever they are."""
    drawn = fromstring(picture(week))  # noqa: S314 - our own markup
    for shape in drawn.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, width, height = (float(shape.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + width <= WIDTH
        assert 0 <= y <= y + height <= HEIGHT
        assert height > 0
    said = [each.text or "" for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert [f"{day.uploads:,}" for day in week] == said[1:15:2]


def test_columns_are_as_high_as_their_figures() -> None:
    """The busiest day reaches the top; of a day with half as much, half; the unexplained is its share."""
    drawn = picture([Day("Mo", 8, 2), Day("Tu", 4, 0), *[Day("", 0, 0)] * 5])
    heights = [float(each) for each in re.findall(r'width="44" height="([0-9.]+)"', drawn)]
    assert heights == [154 * 6 / 8, 154 * 2 / 8, 154 * 4 / 8]
