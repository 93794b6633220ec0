# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import UTC, datetime

import pytest

from appliance.language import counted, speak, translate
from appliance.tongues import LANGUAGES, tongue

NOON = datetime(2026, 6, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("code", [*LANGUAGES, "xx", ""])
def test_each_language_can_say_everything(code: str) -> None:
    """A sentence without a translation is said in English, an empty one stays empty, and placeholders are filled."""
    speak(tongue(code))
    try:
        assert translate("Nothing of the kind, {name}", name="Anna") == "Nothing of the kind, Anna"
        assert translate("") == ""
        assert counted(2, "{count} thing of no kind", "{count} things of no kind").startswith("2 ")
    finally:
        speak()


def test_numbers_and_dates_are_written_as_there() -> None:
    """Thousands, commas, months."""
    assert [tongue(code).number(1234.5, 1) for code in LANGUAGES] == [
        "1,234.5",
        "1.234,5",
        "1\N{NARROW NO-BREAK SPACE}234,5",
    ]
    assert [tongue("de").number(each) for each in (0, 999.5, -1234567)] == ["0", "1.000", "-1.234.567"]
    assert tongue("de").date(NOON) == "Freitag, 5. Juni 2026"
    assert tongue("fr").day(NOON) == "5 juin 2026"
    assert tongue("fr").weekday(NOON) == "vendredi"
    assert tongue("de").percent(0.97) == "97\N{NO-BREAK SPACE}%"
    assert tongue("en").clock(NOON) == "12:00"
