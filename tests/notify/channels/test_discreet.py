# SPDX-License-Identifier: GPL-2.0-or-later
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Tell
from appliance.limits import OUTCOME_CHARACTERS
from appliance.notify.channels.discreet import discreet
from appliance.notify.letter import Letter, Outcome

LETTER = Letter("k", "T", "B", Tell.ALERT)


def said(words: str, *secrets: str) -> str:
    return discreet(lambda _letter: Outcome(arrived=False, words=words), secrets)(LETTER).words


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("no topic hunter2222", "hunter2222"),
        ("404 for /hook/hunter2222", "https://example.org/hook/hunter2222?x=1"),
        ("POST https://api.telegram.org/bothunter2222/send failed", "tgram://hunter2222/123456"),
        ("bad login hunter%2B2222", "hunter+2222"),
        ("bad login hunter+2222", "mailto://me:hunter%2B2222@example.org"),
        ("bad login hunter2222", "https://me:hunter2222@example.org/hook"),
    ],
)
def test_what_opens_a_channel_is_not_said(words: str, secret: str) -> None:
    """Neither whole, nor in parts, nor as it stands in an address."""
    assert "2222" in words
    assert "2222" not in said(words, secret)


@pytest.mark.parametrize("secret", ["abc1", "7", "p:w", "+2"])
def test_a_short_secret_is_not_said_either(secret: str) -> None:
    """Where it stands by itself, as a server repeats it; within other words it is only letters."""
    assert said(f"bad password '{secret}' for abc12 or 77", secret) == "bad password '…' for abc12 or 77"
    assert said(f"/{quote(secret, safe='')}/x", secret) == "/…/x"


def test_whose_answer_it_is_is_said() -> None:
    """The name of the server stands in the words that the owner is to understand."""
    words = "hooks.example.org answered 404"
    assert said(words, "https://hooks.example.org/abc/hunter2222") == words


def test_words_are_plain_and_short() -> None:
    """Whatever a server answers, nothing of it moves the cursor or fills a page."""
    assert said("a\x1b[2Jb\nc\u202e") == "a [2Jb c "
    assert len(said("x" * 10_000)) == OUTCOME_CHARACTERS


@given(st.text(), st.lists(st.text()))
def test_takes_anything(words: str, secrets: list[str]) -> None:
    """Any words and secrets make an outcome that can be printed."""
    assert said(words, *secrets).isprintable()
