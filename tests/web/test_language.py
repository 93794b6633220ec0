# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import UTC, datetime

import pytest
from flask import Flask

from appliance import language
from appliance.tongues import tongue
from web.language import chosen_language, code, short_day

MOMENT = datetime(2026, 6, 5, 14, 2, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "spoken"), [("fr-CH, de;q=0.5", "fr"), ("de-AT", "de"), ("ja", "en"), ("", "en"), ("x" * 9000, "en")]
)
def test_a_page_speaks_as_the_browser_asks(app: Flask, asked: str, spoken: str) -> None:
    """The reader's browser says which language it prefers; who prefers none of ours reads English."""
    with app.test_request_context(headers={"Accept-Language": asked}):
        assert chosen_language() == spoken


def test_who_chose_a_language_reads_it(app: Flask) -> None:
    """What a reader chose counts more than what the browser asks for."""
    with app.test_request_context(headers={"Accept-Language": "fr", "Cookie": "language=de"}):
        assert chosen_language() == "de"


@pytest.mark.parametrize(
    ("asked", "number", "date"),
    [
        ("en", "1,204.5", "Friday, June 5, 2026"),
        ("de", "1.204,5", "Freitag, 5. Juni 2026"),
        ("fr", "1\u202f204,5", "vendredi 5 juin 2026"),
    ],
)
def test_numbers_and_dates_are_written_as_the_reader_does(app: Flask, asked: str, number: str, date: str) -> None:
    """Thousands, decimals and days go by the reader's language."""
    with app.test_request_context(headers={"Accept-Language": asked}):
        spoken = tongue(code())
        assert spoken.number(1204.5, 1) == number
        assert spoken.date(MOMENT) == date


def test_after_a_request_english_is_spoken_again(app: Flask) -> None:
    """What the appliance says outside of requests, to journals and files, stays English."""
    app.test_client().get("/", headers={"Accept-Language": "de"})
    assert type(language.spoken()) is language.Language


def test_a_day_of_an_axis_is_short(app: Flask) -> None:
    """Two numbers, in the order of the reader."""
    time = datetime(2026, 6, 14, tzinfo=UTC).timestamp()
    for asked, written in (("en", "6/14"), ("de", "14.6."), ("fr", "14/06")):
        with app.test_request_context(headers={"Accept-Language": asked}):
            assert short_day(time, UTC) == written
