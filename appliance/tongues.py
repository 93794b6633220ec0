# SPDX-License-Identifier: GPL-2.0-or-later
"""The languages that people are told things in, with how each writes its numbers and dates."""

from datetime import datetime
from functools import cache
from gettext import translation
from pathlib import Path

from babel import Locale, dates, numbers

from appliance.language import Language

#: The languages, the first for all who prefer none of them.
LANGUAGES = ("en", "de", "fr")
#: Where their sentences are: gettext's catalogues, made by ``pybabel``; CONTRIBUTING.md says how.
TRANSLATIONS = Path(__file__).parent / "translations"


class Tongue(Language):
    """One of the languages."""

    def __init__(self, code: str) -> None:
        """Take the language's code; one that is none of ours is English, but for numbers and dates."""
        self.locale = Locale.parse(code if code in LANGUAGES else LANGUAGES[0])
        locale = self.locale
        self._signs = str.maketrans(
            {",": numbers.get_group_symbol(locale), ".": numbers.get_decimal_symbol(locale)}
        )  # a page has some hundred numbers: what parses a pattern for each is slow
        known = [code] if code in LANGUAGES else []
        self._sentences = translation("messages", TRANSLATIONS, known, fallback=True)

    def text(self, text: str) -> str:
        """Return ``text`` in this language."""
        return self._sentences.gettext(text) if text else ""

    def texts(self, one: str, many: str, count: int) -> str:
        """Return the form that this language has for ``count``."""
        return self._sentences.ngettext(one, many, count)

    def number(self, number: float, digits: int = 0) -> str:
        """Return a number as it is written there."""
        return super().number(number, digits).translate(self._signs)

    def percent(self, share: float) -> str:
        """Return a share as it is written there."""
        return numbers.format_percent(share, locale=self.locale)

    def date(self, when: datetime) -> str:
        """Return a day with its weekday."""
        return dates.format_date(when, "full", locale=self.locale)

    def day(self, when: datetime) -> str:
        """Return a day without its weekday."""
        return dates.format_date(when, "long", locale=self.locale)

    def weekday(self, when: datetime) -> str:
        """Return the day of the week."""
        return dates.format_date(when, "EEEE", locale=self.locale)

    def clock(self, when: datetime) -> str:
        """Return hours and minutes; always of 24 hours, as on the axes of the pictures."""
        return f"{when:%H:%M}"


@cache
def tongue(code: str) -> Tongue:
    """Return the language of that code."""
    return Tongue(code)
