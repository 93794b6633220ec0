# SPDX-License-Identifier: GPL-2.0-or-later
import re
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Tell
from appliance.household import Level
from appliance.notify.desk import decide
from appliance.notify.letter import Letter
from appliance.notify.message import Form, Message
from appliance.notify.news import FINDING, News
from appliance.notify.texts import Reader, letter
from appliance.rules import load_rules
from tests.notify.making import KITCHEN, NOON, RULES, news, terms

KINDS = sorted(load_rules(None).verdicts.tell)
HOME = "https://earwitness.local"


def reader(level: Level = Level.NORMAL, home: str | None = HOME) -> Reader:
    return Reader(level, UTC, {KITCHEN: "Kitchen Echo"}, home, RULES)


def message(*what: News, form: Form = Form.ALERT) -> Message:
    first = decide("c", replace(what[0], tell=Tell.ALERT, over=False), [], terms(), NOON)
    assert first is not None
    return replace(first, news=what, count=len(what), form=form)


def read(written: Letter) -> str:
    return f"{written.title}\n{written.body}"


def test_a_normal_alert_says_who_when_and_how_much() -> None:
    """Speaker, size, time and what it means are in it, and where there is more."""
    written = letter(message(news(kind="unexplained_silence", seconds=4.2)), reader())
    assert written.title == "Kitchen Echo sent 61\N{NO-BREAK SPACE}kB at 12:00"
    assert written.body.startswith("Nobody said a word. It took 4.2\N{NO-BREAK SPACE}s.")
    assert written.link == f"{HOME}/uploads/1"


@pytest.mark.parametrize("kind", KINDS)
def test_a_short_alert_tells_nothing_private(kind: str) -> None:
    """Neither name nor time nor size is in it, whatever happened."""
    written = letter(message(news(kind=kind)), reader(Level.SHORT))
    assert not re.search(r"Kitchen|\d", read(written))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", list(Level))
def test_each_verdict_has_its_words(kind: str, level: Level) -> None:
    """A title and a body, at each level."""
    written = letter(message(news(kind=kind)), reader(level))
    assert written.title
    assert written.body
    assert "_" not in read(written)


def test_evidence_is_in_a_full_alert_alone() -> None:
    """Sentences of evidence are told to those who want everything."""
    what = message(news(sentences=("Speech was heard near it.",)))
    assert "Speech was heard" in letter(what, reader(Level.FULL)).body
    assert "Speech was heard" not in letter(what, reader()).body


@pytest.mark.parametrize("address", ["192.0.2.7:443", "02:00:00:00:00:01", "2001:db8::7", "fe80::1"])
def test_no_address_is_ever_told(address: str) -> None:
    """A sentence with an address of any kind is left out."""
    what = message(news(sentences=(f"It went to {address}.", "It lasted 4 s.")))
    body = letter(what, reader(Level.FULL)).body
    assert address not in body
    assert "It lasted 4 s." in body


@given(st.text(), st.text(max_size=20))
def test_names_and_evidence_are_only_text(sentence: str, name: str) -> None:
    """Whatever a speaker calls itself, and whatever evidence says, a letter can be written."""
    what = message(news(sentences=(sentence,)))
    written = letter(what, replace(reader(Level.FULL), names={KITCHEN: name}))
    assert (name or "A speaker") in written.title


def test_a_loss_of_sight_and_its_end() -> None:
    """Both are told in words, with the name of what they concern."""
    gone = news("f", about=FINDING, kind="speaker-silent", sentences=("It is silent.",))
    assert "Kitchen Echo" in letter(message(gone), reader()).body
    back = letter(message(replace(gone, over=True, seconds=90.0)), reader())
    assert back.title == "Earwitness is well again"
    assert back.link == f"{HOME}/health"


def test_a_digest_has_a_line_for_each_kind() -> None:
    """The same of the same speaker is one line with a count; what there is no room for is counted."""
    many = [news(str(n), kind="false_wake") for n in range(3)] + [news(k, kind=k) for k in KINDS]
    written = letter(message(*many, form=Form.DIGEST), reader())
    lines = written.body.splitlines()
    assert lines[0].startswith("Kitchen Echo, 4")
    assert len(lines) == RULES.digest_lines + 1
    assert written.title == f"Earwitness: {len(many)} things to know"
    short = letter(message(*many, form=Form.DIGEST), reader(Level.SHORT))
    assert "Kitchen" not in read(short)


def test_a_reminder_says_that_it_is_one() -> None:
    """It says that nobody has looked."""
    assert "Nobody has looked" in letter(message(news(), form=Form.REMINDER), reader()).body


def test_repetitions_are_counted() -> None:
    """An episode says how often."""
    assert "2 times so far." in letter(message(news("1"), news("2")), reader()).body


def test_without_an_address_of_its_own_there_is_no_link() -> None:
    """A house whose dashboard has no address sends none."""
    assert letter(message(news()), reader(home=None)).link is None
