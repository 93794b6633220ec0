# SPDX-License-Identifier: GPL-2.0-or-later
"""The language in which a person is told things: English, unless whoever asks has said otherwise.

Every sentence for people is written in English where it arises, and goes through ``translate`` or ``counted``. Who
shows it decides for whom: the web sets a language for each request, everything else stays with this one.
"""

from contextvars import ContextVar
from datetime import datetime


class Language:
    """English, and the ways of a language: what the others have to say in their own way."""

    def text(self, text: str) -> str:
        """Return ``text``, an English sentence, in this language."""
        return text

    def texts(self, one: str, many: str, count: int) -> str:
        """Return the form of a sentence that goes with ``count`` things."""
        return one if count == 1 else many

    def number(self, number: float, digits: int = 0) -> str:
        """Return a number with its thousands set apart: ``1,204``, ``2.4``."""
        return f"{number:,.{digits}f}"

    def percent(self, share: float) -> str:
        """Return a share of 1: ``97%``."""
        return f"{share:.0%}"

    def date(self, when: datetime) -> str:
        """Return a day with its weekday: ``Friday 5 June 2026``."""
        return f"{when:%A %-d %B %Y}"

    def day(self, when: datetime) -> str:
        """Return a day without its weekday: ``5 June 2026``."""
        return f"{when:%-d %B %Y}"

    def weekday(self, when: datetime) -> str:
        """Return the day of the week: ``Friday``."""
        return f"{when:%A}"

    def clock(self, when: datetime) -> str:
        """Return the time of day: ``14:02``."""
        return f"{when:%H:%M}"

    def clock_to_the_second(self, when: datetime) -> str:
        """Return the time of day: ``14:02:24``."""
        return f"{when:%H:%M:%S}"


_ENGLISH = Language()
_SPOKEN: ContextVar[Language] = ContextVar("language", default=_ENGLISH)


def spoken() -> Language:
    """Return the language that is spoken here and now."""
    return _SPOKEN.get()


def speak(language: Language = _ENGLISH) -> None:
    """Speak ``language`` from now on in this thread (or task); without one, English."""
    _SPOKEN.set(language)


def later(text: str) -> str:
    """Return ``text`` as it is: a constant that will go through ``translate``, marked for those who translate."""
    return text


def translate(text: str, **values: object) -> str:
    """Return the English sentence ``text`` in the language spoken, its ``{names}`` filled with ``values``."""
    return spoken().text(text).format(**values)


def counted(count: int, one: str, many: str, **values: object) -> str:
    """Return the sentence for ``count`` things, ``{count}`` and other names filled: ``1 upload``, ``14 uploads``."""
    return spoken().texts(one, many, count).format(count=spoken().number(count), **values)
