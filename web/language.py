# SPDX-License-Identifier: GPL-2.0-or-later
"""In whose language a page speaks, and how it writes times and numbers: the reader's language, the house's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo

from babel import Locale, dates
from flask import Flask, request
from flask_babel import Babel, get_locale

from appliance import language
from appliance.report import words
from appliance.report.retold import retold
from appliance.report.words import local
from appliance.tongues import LANGUAGES, TRANSLATIONS, Tongue, tongue
from web.house import House, the_house


def answer_in_the_readers_language(app: Flask) -> None:
    """Let ``app`` answer each request in its reader's language, and give its templates times and numbers."""
    Babel(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=chosen_language,
        timezone_selector=house_zone,
    )
    app.before_request(_begin)
    app.teardown_request(_end)
    for name in (retold, capitalize_first, clock, clock_to_the_second, date, day, size, span, percent, number):
        app.add_template_filter(name)
    app.add_template_global(code, "language")
    app.jinja_env.globals["LANGUAGES"] = LANGUAGES


def chosen_language() -> str:
    """Return the reader's language: as chosen in this browser (the cookie ``language``), else as that prefers."""
    wishes = (tag.split("-")[0] for tag in (request.cookies.get("language", ""), *request.accept_languages.values()))
    return next((wish for wish in wishes if wish in LANGUAGES), LANGUAGES[0])


@contextmanager
def as_if_asked(app: Flask, language: str) -> Iterator[None]:
    """Within it, things are told as to a reader of that language who asked; nobody did."""
    with app.test_request_context(headers={"Accept-Language": language}):
        _begin()
        yield


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


def short_day(time: float, zone: tzinfo) -> str:
    """Write the day of ``time`` by its numbers alone, as an axis has room for: ``6/14``, ``14.6.``."""
    return str(dates.format_skeleton("Md", local(time, zone), locale=_locale()))


def day(time: float) -> str:
    """Write the day of ``time`` (seconds since the epoch) without its weekday."""
    return _spoken().day(local(time, house_zone()))


def size(count: float) -> str:
    """Write a number of bytes: ``181 kB``."""
    return words.size(count)


def span(seconds: float) -> str:
    """Write a stretch of time: ``3 min 20 s``."""
    return words.seconds(seconds)


def capitalize_first(text: str) -> str:
    """Begin a sentence: the first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """Write a share of 1: ``97%``."""
    return _spoken().percent(share)


def number(count: float, digits: int = 0) -> str:
    """Write a number with its thousands set apart."""
    return _spoken().number(count, digits)


def _spoken() -> Tongue:
    return tongue(code())


def _locale() -> Locale:
    return get_locale() or Locale("en")


def _begin() -> None:
    language.speak(_spoken())


def _end(_error: BaseException | None) -> None:
    language.speak()
