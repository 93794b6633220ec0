# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.diary import entries
from appliance.events import Correction, Finding, Service, Tell, Upload, Verdict
from appliance.household import Channel, Choices, Loudness
from appliance.ledger import Ledger, open_ledger
from appliance.notify.herald import Herald, Orders
from appliance.notify.message import Form, Message, State
from appliance.notify.messages import Messages
from tests.judge.household import upload
from tests.notify.making import NOON, RULES

PHONE = Channel(id="phone", kind="ntfy", name="Phone")
ORDERS = Orders(Choices(channels=(PHONE,)), {}, lambda _channel: True)
#: The hub's clock shows noon at steady second 1000.
STEADY = 1000.0


def verdict(start: float = STEADY, name: str = "unexplained_speech", *, final: bool = False) -> Verdict:
    sent = upload(start, 4.0)[0]
    assert isinstance(sent, Upload)
    return Verdict(start + 1, name, Tell.ALERT, 0.9, sent.flow.device, sent, None, (), "1", final=final)


class House:
    """A ledger, and what its hub writes there."""

    def __init__(self, path: Path, boots: tuple[str, ...] = ("boot",)) -> None:
        self.path = path
        self.ledger: Ledger = open_ledger(path, service=Service.HUB, now=0.0)
        every = [self.ledger.begin(boot, 0.0) for boot in boots]
        self.boot = every[0]
        with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as capture:
            for each in every:
                capture.write(each, [Correction(0.0, NOON - STEADY, synchronised=True)])
        self.herald = Herald(path, RULES)

    def write(self, *facts: Verdict | Finding) -> None:
        """Have the hub write down facts."""
        self.ledger.write(self.boot, facts)

    def messages(self) -> list[Message]:
        """Return what is in the outbox."""
        with closing(Messages(self.path)) as messages:
            return messages.since("phone", 0.0)

    def restart(self) -> None:
        """End the herald, and begin another."""
        self.herald.close()
        self.herald = Herald(self.path, RULES)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "ledger.sqlite")
    yield house
    house.herald.close()
    house.ledger.close()


def test_a_verdict_becomes_a_message(house: House) -> None:
    """As soon as the verdict is in the ledger there is a message, with the time on the wall, and something to send."""
    assert not house.herald.step(ORDERS, NOON)
    house.write(verdict())
    assert house.herald.step(ORDERS, NOON + 1.5)
    (message,) = house.messages()
    assert (message.state, message.due, message.latest.time) == (State.WAITING, NOON + 1.5, NOON)


def test_its_revision_changes_it(house: House) -> None:
    """The final verdict on the same upload changes the message, and makes none of its own."""
    house.write(verdict())
    house.herald.step(ORDERS, NOON + 2)
    house.write(verdict(name="unexplained_silence", final=True))
    house.herald.step(ORDERS, NOON + 9)
    (message,) = house.messages()
    assert (message.version, message.latest.kind, message.latest.over) == (2, "unexplained_silence", True)


def test_nothing_is_told_twice(house: House) -> None:
    """A herald that is started again goes on where the one before was."""
    house.write(verdict())
    house.herald.step(ORDERS, NOON + 2)
    house.restart()
    house.write(verdict(STEADY + 7200))
    house.herald.step(ORDERS, NOON + 7202)
    house.restart()
    house.herald.step(ORDERS, NOON + 7204)
    assert [message.latest.time for message in house.messages()] == [NOON, NOON + 7200]


def test_what_came_while_it_was_away_is_told(house: House) -> None:
    """Verdicts that were written while no herald looked are told when one does."""
    house.herald.close()
    house.write(verdict())
    house.herald = Herald(house.path, RULES)
    house.herald.step(ORDERS, NOON + 60)
    assert len(house.messages()) == 1


def test_findings_are_told_with_their_end(house: House) -> None:
    """A loss of sight becomes a message, and so does that it is over."""
    gone = Finding(STEADY, None, Service.HUB, "capture-gone", None, "The capture has stopped.")
    house.write(gone)
    house.herald.step(ORDERS, NOON + 1)
    house.write(replace(gone, ended_at=STEADY + 60))
    house.herald.step(ORDERS, NOON + 61)
    (message,) = house.messages()
    assert (message.version, message.latest.over, message.latest.seconds) == (2, True, 60.0)


def test_the_household_decides_how_loudly(house: House) -> None:
    """A verdict that the household wants to hear nothing of makes no message."""
    quiet = Choices(channels=(PHONE,), loudness=(Loudness(verdict="unexplained_speech", tell=Tell.NOBODY),))
    house.write(verdict())
    house.herald.step(replace(ORDERS, choices=quiet), NOON + 1)
    assert house.messages() == []


def test_an_urgent_message_is_repeated_once(house: House) -> None:
    """Nobody looked for half an hour: one reminder, and no second."""
    house.write(replace(verdict(), tell=Tell.URGENT))
    house.herald.step(ORDERS, NOON + 1)
    with closing(Messages(house.path)) as messages:
        messages.arrived(messages.due(NOON + 1)[0])
    for later in (1000, 1802, 1900, 4000):
        house.herald.step(ORDERS, NOON + later)
    assert [message.form for message in house.messages()] == [Form.ALERT, Form.REMINDER]


def test_the_digest_is_made_in_the_morning(house: House) -> None:
    """What was held is joined in one message when the hour has come."""
    house.write(replace(verdict(), tell=Tell.NOTICE), replace(verdict(STEADY + 9000), tell=Tell.NOTICE))
    house.herald.step(ORDERS, NOON + 9001)
    house.herald.step(ORDERS, NOON + 20 * 3600)
    states = {message.form: message.state for message in house.messages()}
    assert states == {Form.ALERT: State.JOINED, Form.DIGEST: State.WAITING}


def test_the_end_of_a_long_finding_is_told(house: House) -> None:
    """However long sight was lost, that it is back follows the message that told of it."""
    gone = Finding(STEADY, None, Service.HUB, "capture-gone", None, "The capture has stopped.")
    house.write(gone)
    house.herald.step(ORDERS, NOON + 1)
    with closing(Messages(house.path)) as messages:
        messages.arrived(messages.due(NOON + 1)[0])
    week = 7 * 86_400.0
    house.write(replace(gone, ended_at=STEADY + week))
    house.herald.step(ORDERS, NOON + week + 1)
    (message,) = house.messages()
    assert (message.state, message.latest.over) == (State.WAITING, True)


def test_what_waits_for_a_channel_that_is_switched_off(house: House) -> None:
    """It does not wait for ever: it is given up, and counted."""
    house.write(verdict(), replace(verdict(STEADY + 9000, "call"), tell=Tell.NOTICE))
    house.herald.step(ORDERS, NOON + 1)
    house.herald.step(replace(ORDERS, choices=Choices()), NOON + 3)
    assert [message.state for message in house.messages()] == [State.EXPIRED] * 2


def test_a_clock_that_is_put_back_stops_no_digest(house: House) -> None:
    """After a step back by a year what is due is looked for as before."""
    house.herald.step(ORDERS, NOON + 365 * 86_400)
    house.write(replace(verdict(), tell=Tell.NOTICE))
    house.herald.step(ORDERS, NOON)
    house.herald.step(ORDERS, NOON + 20 * 3600)
    assert Form.DIGEST in {message.form for message in house.messages()}


@pytest.mark.parametrize("real", [True, False])
def test_what_was_made_up_alarms_nobody(tmp_path: Path, real: bool) -> None:  # noqa: FBT001 - with and without
    """A simulated day that is played in a real house is told to no telephone; in a house that is all made up it is."""
    house = House(tmp_path / "ledger.sqlite", boots=("simulated-1", *(["boot"] if real else [])))
    with closing(house.ledger), closing(house.herald):
        gone = Finding(STEADY, None, Service.HUB, "capture-gone", None, "The capture has stopped.")
        house.write(verdict(), gone)
        house.herald.step(ORDERS, NOON + 1)
        assert len(house.messages()) == (0 if real else 2)


def test_more_than_is_read_at_once_is_told_all_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many verdicts came while nobody looked, none is passed over."""
    monkeypatch.setattr(entries, "DIARY_ENTRIES", 2)
    house.write(*(verdict(STEADY + 4000 * number) for number in range(5)))
    for number in range(3):
        house.herald.step(ORDERS, NOON + 20_000 + 2 * number)
    assert sum(message.count for message in house.messages()) == 5


def test_a_channel_that_is_off_is_told_nothing(house: House) -> None:
    """Neither now nor when it is on again."""
    off = Choices(channels=(PHONE.model_copy(update={"on": False}),))
    house.write(verdict())
    house.herald.step(replace(ORDERS, choices=off), NOON + 1)
    house.herald.step(ORDERS, NOON + 3)
    assert house.messages() == []
