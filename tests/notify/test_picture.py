# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from datetime import UTC

import pytest

from appliance.household import Level
from appliance.language import speak
from appliance.notify.message import Form, Message
from appliance.notify.picture import drawn
from appliance.notify.texts import Reader, letter
from appliance.notify.week import DAYS, weekly
from appliance.tongues import tongue
from tests.notify.making import NOON, RULES

PNG = b"\x89PNG\r\n\x1a\n"


def a_week(**more: int) -> Message:
    days = {f"uploads-{place}": 3 * place for place in range(DAYS)} | {"unexplained-6": 2}
    return weekly("c", "week-2026-25", {"uploads": 63, "unexplained": 2, **days, **more}, NOON, NOON + 1)


@pytest.mark.parametrize("level", list(Level))
def test_only_who_may_read_the_figures_gets_them_drawn(level: Level) -> None:
    """At the level that tells nothing private there is no picture."""
    told = letter(a_week(), Reader(level, UTC, {}, "http://e", RULES))
    assert (told.picture is not None) == (level is not Level.SHORT)
    assert "picture" not in told.document()


def test_words_go_alone_where_the_picture_does_not_arrive() -> None:
    """A service that takes the words and refuses the picture would be sent them again and again."""
    reader = Reader(Level.NORMAL, UTC, {}, "http://e", RULES)
    pictures = [letter(replace(a_week(), tries=tries), reader).picture is not None for tries in range(4)]
    assert pictures == [True, True, False, False]


def test_it_is_a_small_png_of_the_week() -> None:
    """Other figures make another picture; other languages as well."""
    first = drawn(a_week(), UTC)
    assert first is not None
    assert first.startswith(PNG)
    assert len(first) < 60_000
    assert drawn(a_week(**{"uploads-3": 40}), UTC) != first
    try:
        speak(tongue("de"))
        assert drawn(a_week(), UTC) != first
    finally:
        speak()


def test_other_messages_have_none() -> None:
    """Neither an alert, nor a week of which no days are known, as an earlier version made it."""
    assert drawn(weekly("c", "week-2026-25", {"uploads": 3}, NOON, NOON + 1), UTC) is None
    assert drawn(replace(a_week(), form=Form.DIGEST), UTC) is None
