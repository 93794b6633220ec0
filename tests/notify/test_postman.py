# SPDX-License-Identifier: GPL-2.0-or-later
import json
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from appliance.events import Service, Tell
from appliance.household import Level
from appliance.language import Language
from appliance.ledger import LedgerError, open_ledger
from appliance.limits import TRIES_UNTIL_BROKEN
from appliance.notify.channels.ntfy import Ntfy
from appliance.notify.desk import decide
from appliance.notify.letter import Action, Letter, Outcome
from appliance.notify.message import Message, State
from appliance.notify.messages import Messages
from appliance.notify.postman import Address, Book, Postman
from appliance.notify.texts import Reader
from tests.notify.making import KITCHEN, NOON, RULES, news, terms
from tests.notify.receiver import Reaction, Receiver

READER = Reader(Level.NORMAL, UTC, {KITCHEN: "Kitchen Echo"}, "https://e.local", RULES)


class Round:
    """A postman, the outbox it empties, and a clock that a test sets."""

    def __init__(self, path: Path, find: Callable[[str], Address]) -> None:
        self.path = path
        self.now = NOON
        self.updates = {"phone"}
        self.carried = threading.Semaphore(0)
        book = Book(
            find,
            lambda message: (Action("Seen", f"https://e.local/{message.id}"),),
            lambda: self.now,
            self.updates.__contains__,
        )
        self.postman = Postman(path, book, self.carried.release)

    def put(self, device: str = KITCHEN, channel: str = "phone", id_: str = "1") -> Message:
        """Put an alert into the outbox."""
        message = decide(channel, news(id_, Tell.URGENT, device=device, time=self.now), [], terms(), self.now)
        assert message is not None
        with closing(Messages(self.path)) as messages:
            return messages.put([message])[0]

    def go(self, carried: int = 1) -> None:
        """Take a step, and wait until so much was carried."""
        self.postman.step()
        for _ in range(carried):
            assert self.carried.acquire(timeout=30)

    def state(self, message: Message) -> Message:
        """Return a message as it is in the outbox now."""
        with closing(Messages(self.path)) as messages:
            found = messages.one(message.id)
        assert found is not None
        return found


@pytest.fixture
def begin(tmp_path: Path) -> Callable[[Callable[[str], Address]], Round]:
    path = tmp_path / "ledger.sqlite"
    open_ledger(path, service=Service.HUB, now=0.0).close()
    return lambda find: Round(path, find)


Begin = Callable[[Callable[[str], Address]], Round]


def to(receiver: Receiver) -> Callable[[str], Address]:
    return lambda channel: Address(Ntfy(channel, receiver.url).send, READER, Language())


def test_what_is_due_arrives(begin: Begin) -> None:
    """A message is sent in words, with its actions, and is done with."""
    with Receiver() as receiver:
        walk = begin(to(receiver))
        message = walk.put()
        walk.go()
        (request,) = receiver.requests
    sent = json.loads(request.body)
    assert (sent["topic"], sent["sequence_id"]) == ("phone", message.key)
    assert sent["title"].startswith("Kitchen Echo sent")
    assert sent["actions"][0]["label"] == "Seen"
    assert walk.state(message).state is State.SENT


def test_what_fails_is_tried_again_later(begin: Begin) -> None:
    """After a failure the message waits, as long as the server asks, and is sent then; nothing is lost."""
    with Receiver(lambda number: Reaction(429, {"Retry-After": "100"}) if not number else Reaction()) as receiver:
        walk = begin(to(receiver))
        message = walk.put()
        walk.go()
        waiting = walk.state(message)
        assert (waiting.state, waiting.tries, waiting.due) == (State.WAITING, 1, NOON + 100)
        walk.go(carried=0)
        assert len(receiver.requests) == 1
        walk.now = NOON + 101
        walk.go()
        assert len(receiver.requests) == 2
    assert walk.state(message).state is State.SENT


def test_a_double_has_the_same_key(begin: Begin) -> None:
    """A message that arrived and was not noted, as when the power fails, is sent again under its key."""
    with Receiver() as receiver:
        walk = begin(to(receiver))
        message = walk.put()
        walk.go()
        with closing(Messages(walk.path)) as messages:
            messages.put([message])
        walk.go()
        keys = [json.loads(request.body)["sequence_id"] for request in receiver.requests]
    assert keys == [message.key] * 2


def test_one_that_hangs_holds_up_nobody_else(begin: Begin) -> None:
    """While a channel does not answer, others are served, and it is given nothing more."""
    hanging = threading.Event()

    def hang(_letter: Letter) -> Outcome:
        hanging.wait(30)
        return Outcome(arrived=False, words="too late")

    with Receiver() as receiver:
        others = to(receiver)
        walk = begin(lambda channel: replace(others(channel), send=hang) if channel == "slow" else others(channel))
        slow, slow_too = walk.put(channel="slow"), walk.put(channel="slow", id_="2")
        quick = walk.put()
        walk.go()
        assert walk.state(quick).state is State.SENT
        walk.postman.step()
        hanging.set()
        assert walk.carried.acquire(timeout=30)
        assert (walk.state(slow).tries, walk.state(slow_too).tries) == (1, 0)


def test_a_channel_that_takes_nothing_is_broken(begin: Begin) -> None:
    """What can never arrive is refused, the channel is said to be broken and why; the next that arrives mends it."""
    with Receiver(lambda number: Reaction() if number else Reaction(403, body=b"no")) as receiver:
        walk = begin(to(receiver))
        message = walk.put()
        walk.go()
        assert walk.state(message).state is State.REFUSED
        assert walk.postman.broken == {"phone": "127.0.0.1 answered 403: no"}
        walk.put(id_="2")
        walk.go()
        assert walk.postman.broken == {}


def test_many_failures_are_a_broken_channel(begin: Begin) -> None:
    """A server that is in trouble for long is one too, though each message goes on being tried."""
    with Receiver(lambda _number: Reaction(500)) as receiver:
        walk = begin(to(receiver))
        message = walk.put()
        for _ in range(TRIES_UNTIL_BROKEN):
            assert not walk.postman.broken
            walk.now = walk.state(message).due
            walk.go()
    assert "500" in walk.postman.broken["phone"]
    assert walk.state(message).state is State.WAITING


def test_a_week_without_internet(begin: Begin) -> None:
    """What could not be sent in time is told as a number with the first message that arrives."""
    with Receiver(lambda number: Reaction(500) if number == 0 else Reaction()) as receiver:
        walk = begin(to(receiver))
        for number in range(3):
            walk.put(id_=str(number))
        walk.go()
        walk.now += 7 * 86_400
        walk.go(carried=0)
        walk.put(id_="last")
        walk.go()
        assert "3 alerts while offline." in json.loads(receiver.requests[-1].body)["message"]
        walk.put(id_="after")
        walk.go()
        assert "while offline" not in json.loads(receiver.requests[-1].body)["message"]


def test_a_channel_that_cannot_be_made(begin: Begin) -> None:
    """If what a channel needs is missing, its messages are refused with the reason."""

    def find(channel: str) -> Address:
        raise ValueError(f"{channel} needs: Topic")

    walk = begin(find)
    message = walk.put()
    walk.go()
    assert (walk.state(message).state, walk.state(message).problem) == (State.REFUSED, "phone needs: Topic")


def test_a_failure_is_the_channels(begin: Begin) -> None:
    """What a server asks us to wait, all that is for it waits; not only the message that it said so of."""
    with Receiver(lambda _number: Reaction(429, {"Retry-After": "100"})) as receiver:
        walk = begin(to(receiver))
        first, second = walk.put(), walk.put(id_="2")
        walk.go()
        walk.go(carried=0)
        assert len(receiver.requests) == 1
    assert [walk.state(each).due for each in (first, second)] == [NOON + 100] * 2


@pytest.mark.parametrize(
    ("channel", "change", "after"),
    [
        ("phone", {}, State.WAITING),
        ("mail", {}, State.SENT),
        ("mail", {"tell": Tell.URGENT}, State.WAITING),
    ],
)
def test_what_changes_on_its_way(
    begin: Begin, tmp_path: Path, channel: str, change: dict[str, Tell], after: State
) -> None:
    """It is sent again where it takes the place of the first, or if it became louder; else nobody gets a double."""

    def change_it(_letter: Letter) -> Outcome:
        with closing(Messages(tmp_path / "ledger.sqlite")) as messages:
            messages.put([replace(message, version=2, **change)])  # type: ignore[arg-type] # its loudness
        return Outcome(arrived=True, words="")

    walk = begin(lambda _channel: Address(change_it, READER, Language()))
    found = decide(channel, news(), [], terms(), NOON)
    assert found is not None
    with closing(Messages(walk.path)) as messages:
        (message,) = messages.put([found])
    walk.go()
    assert walk.state(message).state is after


def test_what_cannot_be_noted_is_not_sent_again(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the disk takes no note that a message arrived, it is not sent four times a second."""
    full = {"is": True}
    note = Messages.arrived

    def arrived(messages: Messages, message: Message, *, again: bool = True) -> None:
        if full["is"]:
            raise LedgerError("the disk is full")
        note(messages, message, again=again)

    monkeypatch.setattr(Messages, "arrived", arrived)
    with Receiver() as receiver:
        walk = begin(to(receiver))
        message = walk.put()
        walk.go()
        walk.go()
        full["is"] = False
        walk.go()
        assert len(receiver.requests) == 1
    assert walk.state(message).state is State.SENT


def test_whatever_goes_wrong_the_message_waits(begin: Begin) -> None:
    """A channel that fails as nobody foresaw is tried again later; its error's words may be secret."""

    def fails(_letter: Letter) -> Outcome:
        raise RuntimeError("token=hunter2")

    walk = begin(lambda _channel: Address(fails, READER, Language()))
    message = walk.put()
    walk.go()
    waiting = walk.state(message)
    assert (waiting.state, waiting.problem) == (State.WAITING, "could not be sent: RuntimeError")
    assert waiting.due > NOON
