# SPDX-License-Identifier: GPL-2.0-or-later
"""In whose language a page speaks, and how it writes times and numbers: the reader's language, the house's clock."""

from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path

from babel import Locale, dates, numbers
from flask import Flask, request
from flask_babel import Babel, get_locale, get_translations

from appliance import language
from appliance.report import words
from appliance.report.words import local
from web.house import House, the_house

#: The languages that pages can be read in, the first for all who prefer none of them.
LANGUAGES = ("en", "de", "fr")
_TRANSLATIONS = Path(__file__).parent / "translations"


class Spoken(language.Language):
    """The language of the request that is answered."""

    def text(self, text: str) -> str:
        """Return ``text`` in the reader's language."""
        return str(get_translations().ugettext(text))

    def texts(self, one: str, many: str, count: int) -> str:
        """Return the form that the reader's language has for ``count``."""
        return str(get_translations().ungettext(one, many, count))

    def number(self, number: float, digits: int = 0) -> str:
        """Return a number as the reader writes it."""
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        return numbers.format_decimal(number, pattern, locale=_locale())

    def percent(self, share: float) -> str:
        """Return a share as the reader writes it."""
        return numbers.format_percent(share, locale=_locale())

    def date(self, when: datetime) -> str:
        """Return a day with its weekday."""
        return dates.format_date(when, "full", locale=_locale())

    def day(self, when: datetime) -> str:
        """Return a day without its weekday."""
        return dates.format_date(when, "long", locale=_locale())

    def weekday(self, when: datetime) -> str:
        """Return the day of the week."""
        return dates.format_date(when, "EEEE", locale=_locale())

    def clock(self, when: datetime) -> str:
        """Return hours and minutes; always of 24 hours, as on the axes of the pictures."""
        return f"{when:%H:%M}"


def answer_in_the_readers_language(app: Flask) -> None:
    """Let ``app`` answer each request in its reader's language, and give its templates times and numbers."""
    Babel(
        app,
        default_translation_directories=str(_TRANSLATIONS),
        locale_selector=chosen_language,
        timezone_selector=house_zone,
    )
    app.before_request(_begin)
    app.teardown_request(_end)
    for name in (clock, clock_to_the_second, date, day, size, span, percent, number):
        app.add_template_filter(name)
    app.add_template_global(code, "language")
    app.jinja_env.globals["LANGUAGES"] = LANGUAGES


def chosen_language() -> str:
    """Return the reader's language: as chosen in this browser (the cookie ``language``), else as that prefers."""
    wishes = (tag.split("-")[0] for tag in (request.cookies.get("language", ""), *request.accept_languages.values()))
    return next((wish for wish in wishes if wish in LANGUAGES), LANGUAGES[0])


def code() -> str:
    """Return the code of the language that this page is written in."""
    return str(_locale().language)


def house_zone() -> tzinfo:
    """Return the zone of the clock in the house: as the household chose, else the machine's."""
    return zone_of(the_house())


def zone_of(house: House) -> tzinfo:
    """Return the zone of the clock in a house."""
    return house.household.choices.home.clock or dates.get_timezone()


def clock(time: float) -> str:
    """Write the time of day of ``time`` (seconds since the epoch): ``14:02``."""
    return _spoken().clock(local(time, house_zone()))


def clock_to_the_second(time: float) -> str:
    """Write the time of day of ``time`` (seconds since the epoch): ``14:02:24``."""
    return _spoken().clock_to_the_second(local(time, house_zone()))


def date(time: float) -> str:
    """Write the day of ``time`` (seconds since the epoch) with its weekday."""
    return _spoken().date(local(time, house_zone()))


def day(time: float) -> str:
    """Write the day of ``time`` (seconds since the epoch) without its weekday."""
    return _spoken().day(local(time, house_zone()))


def size(count: float) -> str:
    """Write a number of bytes: ``181 kB``."""
    return words.size(count)


def span(seconds: float) -> str:
    """Write a stretch of time: ``3 min 20 s``."""
    return words.seconds(seconds)


def percent(share: float) -> str:
    """Write a share of 1: ``97%``."""
    return _spoken().percent(share)


def number(count: float, digits: int = 0) -> str:
    """Write a number with its thousands set apart."""
    return _spoken().number(count, digits)


@cache
def _spoken() -> Spoken:
    return Spoken()


def _locale() -> Locale:
    return get_locale() or Locale("en")


def _begin() -> None:
    language.speak(_spoken())


def _end(_error: BaseException | None) -> None:
    language.speak()
