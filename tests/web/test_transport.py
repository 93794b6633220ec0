# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.diary.exposed import Exposed
from appliance.events import ExposureKind
from tests.live.house import RULES
from web.transport import remarks


def told(*found: tuple[ExposureKind, str], language: str = "en") -> list[tuple[str, str]]:
    exposed = [Exposed(kind, value, 1.0, 2.0) for kind, value in found]
    return [(each.mood, each.text) for each in remarks(exposed, RULES, language)]


@pytest.mark.parametrize(
    ("value", "mood"),
    [("TLS 1.3", "good"), ("QUIC", "good"), ("TLS 1.2", "good"), ("TLS 1.1", "notice"), ("SSL 3.0", "notice")],
)
def test_old_encryption_is_told(value: str, mood: str) -> None:
    """What was deprecated is worth a look; what is in use today is fine."""
    assert mood in [mood for mood, text in told((ExposureKind.TLS, value)) if value in text]


def test_the_worst_comes_first() -> None:
    """A request in plain text stands above what most devices do, and that above what is fine."""
    found = told((ExposureKind.TLS, "TLS 1.3"), (ExposureKind.DNS, ""), (ExposureKind.PLAIN, "portal.example"))
    assert "portal.example" in found[0][1]
    assert [mood for mood, _ in found] == sorted((mood for mood, _ in found), key=("notice", "info", "good").index)


def test_something_is_said_of_each_kind() -> None:
    """Of what was not seen, too: that nothing is known of its encryption is no good news."""
    found = told()
    assert len(found) == len(ExposureKind)
    assert found[0] == (
        "info",
        "How it encrypts will be known when it next opens a connection; those it has are older.",
    )


def test_an_identifier_is_told_in_the_readers_language() -> None:
    """By its rule's sentence; a rule that is gone by now is named."""
    assert ("info", "It tells the name that you gave it.") in told((ExposureKind.IDENTIFIER, "given-name"))
    german = told((ExposureKind.IDENTIFIER, "given-name"), language="de")
    assert any("den Namen" in text for _, text in german)
    assert any("gone-by-now" in text for _, text in told((ExposureKind.IDENTIFIER, "gone-by-now")))
