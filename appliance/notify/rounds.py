# SPDX-License-Identifier: GPL-2.0-or-later
"""What is told at its time, whatever happens: how the week was, and that there is a newer version."""

import time
from collections.abc import Callable
from contextlib import closing

from appliance.events import Tell
from appliance.ledger import Reader
from appliance.limits import MESSAGES_KEPT_S
from appliance.notify.message import Form, Message, State
from appliance.notify.messages import Messages
from appliance.notify.news import VERSION, News
from appliance.notify.premises import Premises
from appliance.notify.week import week, weekly


class Rounds:
    """Puts messages into the outbox, and drops old ones. Any thread may call."""

    def __init__(self, premises: Premises, after: Callable[[], None]) -> None:
        """Take the hub's parts; ``after`` is called when there is something to send."""
        self._premises = premises
        self._ledger = premises.paths.ledger
        self._after = after

    def weekly(self) -> str:
        """Tell every channel that is on how the week was; say how many that were."""
        now, home = time.time(), self._premises.household.choices.home
        with closing(Reader(self._ledger)) as reader:
            figures = week(reader, self._premises.registry.inventory, now, home.clock)
        told = self._put(lambda id_: weekly(id_, figures, now, now + self._premises.rules.expires_s))
        return f"told {told} channels of {figures['uploads']} uploads"

    def newer(self, version: str) -> int:
        """Tell every channel that is on of a newer version, once in two months; return how many that were."""
        now = time.time()
        return self._put(lambda id_: _newer(id_, version, now, now + self._premises.rules.expires_s))

    def tidy(self) -> str:
        """Drop messages that are old and done with; say how many."""
        with closing(Messages(self._ledger)) as messages:
            return f"dropped {messages.forget(time.time() - MESSAGES_KEPT_S)} messages"

    def _put(self, make: Callable[[str], Message]) -> int:
        """Put a message for each channel that is on, but for those that have one with its key."""
        made = [make(each.id) for each in self._premises.household.choices.channels if each.on]
        with closing(Messages(self._ledger)) as messages:
            put = messages.put(each for each in made if not messages.has(each.channel, each.key))
        self._after()
        return len(put)


def _newer(channel: str, version: str, now: float, expires: float) -> Message:
    news = News(VERSION, version, version, None, Tell.NOTICE, now, over=True)
    key = f"version-{version}"
    return Message(0, channel, key, Form.VERSION, Tell.NOTICE, now, now, now, expires, State.WAITING, (news,))
