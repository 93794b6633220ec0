# SPDX-License-Identifier: GPL-2.0-or-later
"""The thread behind the web, with a ledger as it is in a house."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from appliance.commands.services import opened_in
from appliance.events import Coverage, Service, Wake
from appliance.ledger import Ledger, LedgerError
from appliance.ledger.rows import COVERAGES, WAKE
from appliance.satellites import receiver as receiving
from appliance.satellites.messages import Request, Welcome
from appliance.satellites.receiver import Receiver, ReceiverError
from appliance.satellites.roster import Satellite
from appliance.speakers.registry import Registry
from tests.e2e.house import until
from tests.satellites.home import RULES, Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def receiver(home: Home) -> Iterator[Receiver]:
    receiver = Receiver(home.settings, RULES, home.boot, partial(opened_in, home.settings, Service.EARS, home.boot))
    receiver.start()
    with closing(receiver):
        yield receiver


def paired(receiver: Receiver, name: str) -> Satellite:
    """Let a satellite in, as the two commands do."""
    secret = receiver.roster.invite(receiver._boot.id, receiver.now)
    welcome: Welcome = receiver.admit(Request(secret=secret, name=name))
    found = receiver.roster.known(welcome.token)
    assert found is not None
    return found


def test_what_is_answered_is_on_the_disk(home: Home, receiver: Receiver) -> None:
    """A word is in the ledger when the answer comes, and the answer says when that was, by the hub's clock."""
    bedroom, before = paired(receiver, "bedroom"), receiver.now
    facts: list[Wake | Coverage] = [Wake(before, "mic", "alexa", 0.9), Coverage(before - 1, before, "mic")]
    answer = receiver.report(bedroom, home.report(facts))
    assert [each.ear for each in home.rows(WAKE)] == ["bedroom/mic"]
    assert before <= answer.received <= answer.answered <= receiver.now
    assert (answer.next, answer.boot, answer.words) == (3, home.boot.id, None)


def test_many_satellites_at_once(home: Home, receiver: Receiver) -> None:
    """Reports of several rooms come together, and each has its answer."""
    rooms = [paired(receiver, f"room {number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for second in range(5):
            word = Wake(receiver.now, "mic", "alexa", 0.9)
            told = [pool.submit(receiver.report, each, home.report([word], second + 1)) for each in rooms]
            assert {each.result().next for each in told} == {second + 2}
    assert len(home.rows(WAKE)) == 20


def test_they_listen_for_the_words_of_the_house(home: Home, receiver: Receiver) -> None:
    """When a speaker is known, the next answers name its words."""
    bedroom = paired(receiver, "bedroom")
    with closing(Registry(home.settings.paths.registry, 0.0)) as registry:
        registry.correct("aa:bb:cc:00:00:01", {"wake_words": ["computer"], "status": "confirmed"})
    until("the word to be told", lambda: receiver.report(bedroom, home.report()).words == ["computer"])


def test_revoking_ends_its_ears(home: Home, receiver: Receiver) -> None:
    """Its ears are told of no more, and all that they told stays."""
    bedroom, now = paired(receiver, "bedroom"), receiver.now
    receiver.report(bedroom, home.report([Coverage(now - 1, now, "mic")]))
    until("the ear to be told", lambda: home.tells() == {"bedroom/mic"})
    receiver.roster.revoke("bedroom")
    until("the ear to be gone", lambda: not home.tells())
    assert [each.source for each in home.rows(COVERAGES[Service.EARS])] == ["bedroom/mic"]


def test_a_ledger_that_cannot_be_opened(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reports is told to come again, and nothing is lost when the disk is there again."""
    monkeypatch.setattr(receiving, "SATELLITE_WRITES_S", 0.2)
    monkeypatch.setattr(receiving, "LEDGER_RETRY_S", 0.1)
    broken = [True]

    def opening() -> tuple[Ledger, int]:
        if broken:
            raise LedgerError("the disk is full")
        return opened_in(home.settings, Service.EARS, home.boot)

    receiver = Receiver(home.settings, RULES, home.boot, opening)
    receiver.start()
    with closing(receiver):
        bedroom, now = paired(receiver, "bedroom"), receiver.now
        report = home.report([Wake(now, "mic", "alexa", 0.9)])
        with pytest.raises(ReceiverError, match="cannot write"):
            receiver.report(bedroom, report)
        broken.clear()
        until("the report to be written", lambda: _answered(receiver, bedroom, home))
    assert len(home.rows(WAKE)) == 1


def _answered(receiver: Receiver, satellite: Satellite, home: Home) -> bool:
    try:
        return receiver.report(satellite, home.report([Wake(1.0, "mic", "alexa", 0.9)])).next == 2
    except ReceiverError:
        return False
