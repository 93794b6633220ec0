# SPDX-License-Identifier: GPL-2.0-or-later
"""A satellite's thread against a hub that speaks TLS, by two clocks that differ."""

import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from appliance.events import Coverage, Service, Speech, Wake
from appliance.ledger.rows import COVERAGES, SPEECH, WAKE
from appliance.satellites import hub as connecting
from appliance.satellites import sender as sending
from appliance.satellites.hub import Hub
from appliance.satellites.messages import Microphone
from appliance.satellites.sender import Sender
from tests.e2e.house import until
from tests.satellites.served import ServedHub

MIC = Microphone(name="mic", room="bedroom")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have everything happen sooner."""
    monkeypatch.setattr(sending, "SATELLITE_REPORT_S", 0.05)
    monkeypatch.setattr(sending, "SATELLITE_RETRY_S", 0.1)
    monkeypatch.setattr(sending, "SATELLITE_REFUSED_S", 0.1)
    monkeypatch.setattr(connecting, "SATELLITE_PATIENCE_S", 2.0)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[ServedHub]:
    with ServedHub(tmp_path) as there:
        yield there


class Satellite:
    """A satellite whose clock is hours off, and goes 300 millionths too fast."""

    def __init__(self, there: ServedHub) -> None:
        self.there = there
        self.begin = time.monotonic()
        self.membership = there.pair()
        self.sender = Sender(Hub(self.membership), self.now)
        self.sender.start()

    def now(self) -> float:
        """Return its time."""
        return 7200.0 + (time.monotonic() - self.begin) * 1.0003

    def hear(self, word: str = "alexa") -> float:
        """Hear a word, and return when that was by the hub's clock."""
        at, hubs = self.now(), self.there.receiver.now
        self.sender.put([Wake(at, "mic", word, 0.9), Coverage(at - 0.5, at, "mic")], [MIC])
        return hubs

    def words(self) -> list[Wake]:
        """Return what the hub's ledger has of it."""
        return self.there.rows(WAKE)

    def close(self) -> None:
        """End."""
        self.sender.close()


@pytest.fixture
def satellite(there: ServedHub) -> Iterator[Satellite]:
    with closing(Satellite(there)) as satellite:
        yield satellite


def test_a_word_has_the_hubs_time(satellite: Satellite) -> None:
    """Whatever the satellite's clock shows, its word is in the ledger at the time that it was by the hub's."""
    said = satellite.hear()
    until("the word to be told", satellite.words)
    (word,) = satellite.words()
    assert word.ear == "bedroom/mic"
    assert word.time == pytest.approx(said, abs=0.6)  # half of the longest trip that counts
    until("it to be delivered", lambda: satellite.sender.backlog == 0)


def test_what_is_heard_while_the_hub_is_away(satellite: Satellite, there: ServedHub) -> None:
    """It waits, and is told once and in order when the hub is back; until then the reason is told."""
    satellite.hear("first")
    until("the first to be told", satellite.words)
    there.away()
    until("the outage to be noticed", lambda: satellite.sender.problem)
    assert "does not answer" in satellite.sender.problem
    for word in ("second", "third"):
        satellite.hear(word)
    assert satellite.sender.backlog > 0
    there.server = there.serve()
    until("all to be told", lambda: satellite.sender.backlog == 0)
    assert [each.word for each in satellite.words()] == ["first", "second", "third"]
    assert satellite.sender.problem == ""


def test_answers_that_are_lost(satellite: Satellite, there: ServedHub) -> None:
    """A report that arrived and was not answered comes again, and is in the ledger once."""
    satellite.hear("first")
    until("the first to be told", satellite.words)
    until("it to be answered", lambda: satellite.sender.backlog == 0)
    there.instead = (500, b"")
    satellite.hear("second")
    until("it to be told again", lambda: sum("second" in each.model_dump_json() for each in there.reports) > 2)
    there.instead = None
    until("it to be delivered", lambda: satellite.sender.backlog == 0)
    assert [each.word for each in satellite.words()] == ["first", "second"]


def test_a_hub_that_was_started_again(satellite: Satellite, there: ServedHub) -> None:
    """Its time is another from then on, and what waits is told in that."""
    satellite.hear()
    until("the word to be told", satellite.words)
    ahead = 5000.0
    there.receiver._boot = there.boot = there.boot._replace(id="ffff0000", anchor=round(ahead * 1e9))
    satellite.hear("second")
    until("the hub's answer", lambda: satellite.sender._boot == "ffff0000")
    assert satellite.sender._clock.hubs(satellite.now()) == pytest.approx(there.receiver.now, abs=0.6)


def test_a_revoked_satellite_says_so(satellite: Satellite, there: ServedHub) -> None:
    """Nothing of it is taken any more, and its state tells what to do."""
    satellite.hear()
    until("the word to be told", satellite.words)
    there.receiver.roster.revoke("bedroom")
    until("it to be refused", lambda: "does not know this satellite" in satellite.sender.problem)
    satellite.hear("second")
    assert [each.word for each in satellite.words()] == ["alexa"]


def test_talk_and_silence(satellite: Satellite, there: ServedHub) -> None:
    """Talk is in the ledger with its length, and coverage has no gap where the satellite had none."""
    start = satellite.now() - 3
    for tenth in range(20):
        at = start + tenth / 10
        satellite.sender.put([Speech(at, at + 0.1, "mic", -30.0), Coverage(at, at + 0.1, "mic")], [MIC])
    until("all to be told", lambda: satellite.sender.backlog == 0 and len(there.reports) > 3)
    satellite.close()
    there.receiver.close()
    (speech,) = there.rows(SPEECH)
    assert speech.ended_at - speech.time == pytest.approx(2.0, abs=0.05)
    covered = there.rows(COVERAGES[Service.EARS])
    assert covered[-1].ended_at - covered[0].time == pytest.approx(2.0, abs=0.05)
    assert all(after.time - before.ended_at < 0.05 for before, after in pairwise(covered))
