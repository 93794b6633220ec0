# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.notify.message import document, undocument
from appliance.notify.news import News

numbers = st.floats(allow_nan=False, allow_infinity=False)
pieces = st.builds(News, time=numbers, confidence=numbers, seconds=st.none() | numbers)


@given(st.lists(pieces, max_size=3).map(tuple))
def test_news_are_kept_as_they_are(news: tuple[News, ...]) -> None:
    """What is read from an outbox equals what was put there."""
    assert undocument(document(news)) == news


@pytest.mark.parametrize("text", ["", "[1]", '[{"about": "upload"}]'])
def test_what_is_no_news_is_refused(text: str) -> None:
    """Other JSON, and what is none, is an error of value or type, or a key that is missing."""
    with pytest.raises((ValueError, TypeError, KeyError)):
        undocument(text)
