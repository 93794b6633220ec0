# SPDX-License-Identifier: GPL-2.0-or-later
"""Carries messages from the outbox to their channels, each channel at its own pace, whatever the others do.

At least once: if the process is killed between the channel's answer and our note of it the message is sent again, under
the same key.
"""

import random
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from appliance.language import Language, counted, speak
from appliance.ledger import LedgerError
from appliance.limits import CARRIERS, TRIES_UNTIL_BROKEN
from appliance.notify.backoff import retry_at
from appliance.notify.letter import Action, Letter, Outcome, Send
from appliance.notify.message import Message
from appliance.notify.messages import Messages
from appliance.notify.news import FINDING
from appliance.notify.texts import Reader, letter


@dataclass(frozen=True, slots=True)
class Address:
    """Where a channel's messages go, and how they are read there."""

    send: Send
    reader: Reader
    language: Language


@dataclass(frozen=True, slots=True)
class Book:
    """Where everything goes."""

    find: Callable[[str], Address]  #: a channel by its id; raises ValueError, in words, if nothing can be sent there
    actions: Callable[[Message], tuple[Action, ...]]  #: what can be done from a message itself
    now: Callable[[], float]  #: wall-clock seconds
    updates: Callable[[str], bool]  #: whether a channel can put a message in place of an earlier one


class Postman:
    """Sends what is due. ``step`` is quick: whatever waits for a server does so in threads."""

    def __init__(self, path: Path, book: Book, after: Callable[[], None] = lambda: None) -> None:
        """Take the ledger's file; ``after`` is called when something was carried, from a thread."""
        self._path = path
        self._book = book
        self._after = after
        self._messages: Messages | None = None  # of the thread that takes the steps
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._outcomes: dict[int, tuple[int, Outcome]] = {}  # by message: of a version, as long as it is not noted
        self.broken: dict[str, str] = {}  #: channels that take nothing now, and why, in words

    def step(self) -> None:
        """Give every channel that is free the first message that is due for it. Raises LedgerError."""
        now = self._book.now()
        self._messages = self._messages or Messages(self._path)
        self._messages.expire(now)
        for message in self._messages.due(now):
            with self._lock:
                if message.channel in self._busy or len(self._busy) >= CARRIERS:
                    continue
                self._busy.add(message.channel)
            # a daemon: whoever ends the process does not wait for a server; what was on its way is sent again
            threading.Thread(target=self._carry, args=(message,), name="carrier", daemon=True).start()

    def close(self) -> None:
        """Let go of the ledger, in the thread that took the steps."""
        if self._messages:
            self._messages.close()

    def _carry(self, message: Message) -> None:
        """Send one message, and note what became of it; if that cannot be noted it is sent again."""
        try:
            with suppress(LedgerError), closing(Messages(self._path)) as messages:
                missed = messages.expired(message.channel)
                outcome = self._outcome(message, sum(each.count for each in missed))
                self._note(messages, message, missed, outcome)
                self._outcomes.pop(message.id, None)
        finally:
            with self._lock:
                self._busy.discard(message.channel)
            self._after()

    def _outcome(self, message: Message, missed: int) -> Outcome:
        """Send a message, but for one that was sent and could not be noted, as when the disk is full."""
        version, outcome = self._outcomes.get(message.id, (0, None))
        if outcome is None or version != message.version:
            outcome = self._send(message, missed)
            self._outcomes[message.id] = (message.version, outcome)
        return outcome

    def _send(self, message: Message, missed: int) -> Outcome:
        try:
            address = self._book.find(message.channel)
        except ValueError as error:
            return Outcome(arrived=False, words=str(error), final=True)
        try:
            speak(address.language)
            written = letter(message, address.reader, self._book.actions(message))
            return address.send(_with_missed(written, missed))
        except Exception as error:  # noqa: BLE001 - whatever it is, the message waits; its words may have secrets
            return Outcome(arrived=False, words=f"could not be sent: {type(error).__name__}")

    def _note(self, messages: Messages, message: Message, missed: list[Message], outcome: Outcome) -> None:
        if outcome.arrived:
            again = message.latest.about == FINDING or self._book.updates(message.channel)
            messages.arrived(message, again=again)
            messages.told(missed)
            self.broken.pop(message.channel, None)
            return
        due = retry_at(self._book.now(), message.tries + 1, random.random(), outcome.retry_after)  # noqa: S311 - spreads
        messages.failed(message, outcome.words, due, final=outcome.final)
        if outcome.final or message.tries + 1 >= TRIES_UNTIL_BROKEN:
            self.broken[message.channel] = outcome.words


def _with_missed(written: Letter, missed: int) -> Letter:
    """Return the letter with a line on what could not be sent while it meant anything."""
    if not missed:
        return written
    line = counted(missed, "{count} alert while offline.", "{count} alerts while offline.")
    return replace(written, body=f"{written.body}\n{line}")
