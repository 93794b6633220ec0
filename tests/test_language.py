# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterator

import pytest

from appliance.language import Language, counted, speak, spoken, translate


class Shouted(Language):
    """A language that differs from English in every sentence."""

    def text(self, text: str) -> str:
        """Leave the names of values as they are."""
        return text.replace("went to", "WENT TO")

    def texts(self, one: str, many: str, count: int) -> str:
        """Count as the French do: nothing is singular."""
        return one if count < 2 else many


@pytest.fixture
def shouting() -> Iterator[None]:
    """Speak it for the time of a test."""
    speak(Shouted())
    yield
    speak()


def test_english_is_spoken_by_itself() -> None:
    """Who says nothing hears English, with its forms of the number and its thousands."""
    assert translate("It went to {host}.", host="a.example") == "It went to a.example."
    assert counted(1, "{count} upload", "{count} uploads") == "1 upload"
    assert counted(1204, "{count} upload", "{count} uploads") == "1,204 uploads"


@pytest.mark.usefixtures("shouting")
def test_a_sentence_is_said_in_the_language_that_is_spoken() -> None:
    """Sentence and form of the number come from the language; what is filled in does not."""
    assert translate("It went to {host}.", host="went to") == "It WENT TO went to."
    assert counted(0, "{count} upload", "{count} uploads") == "0 upload"


def test_names_from_the_network_are_never_templates() -> None:
    """Braces in a name are letters like others: they fill nothing and break nothing."""
    assert translate("Your {name} sent {size}.", name="{size}{0.__class__}", size="1 kB") == (
        "Your {size}{0.__class__} sent 1 kB."
    )


def test_after_speaking_english_is_spoken_again() -> None:
    """Who stops speaking a language leaves English behind."""
    speak(Shouted())
    speak()
    assert type(spoken()) is Language
