# SPDX-License-Identifier: GPL-2.0-or-later
"""What is told at its time, whatever happens: how the week was, and that there is a newer version."""

import time
from collections.abc import Callable, Collection
from contextlib import closing

from appliance.events import Tell
from appliance.ledger import Reader
from appliance.limits import MESSAGES_KEPT_S
from appliance.notify.message import Form, Message, State
from appliance.notify.messages import Messages
from appliance.notify.news import VERSION, News
from appliance.notify.premises import Premises
from appliance.notify.week import midnight, week, week_of, weekly


class Rounds:
    """Puts messages into the outbox, and drops old ones. Any thread may call."""

    def __init__(self, premises: Premises, after: Callable[[], None]) -> None:
        """Take the hub's parts; ``after`` is called when there is something to send."""
        self._premises = premises
        self._ledger = premises.paths.ledger
        self._after = after

    def weekly(self) -> str:
        """Tell every channel that is on how the week was, on its first morning without an alert; say how many it was.

        Asked for each day. Who was told of something today is not told of the week as well: a day has few messages.
        """
        now, home = time.time(), self._premises.household.choices.home
        with closing(Messages(self._ledger)) as messages:
            heard = messages.alerted(midnight(now, home.clock))
        with closing(Reader(self._ledger)) as reader:
            figures = week(reader, self._premises.registry.inventory, now, home.clock)
        key, expires = week_of(now, home.clock), now + self._premises.rules.expires_s
        told = self._put(lambda id_: weekly(id_, key, figures, now, expires), but=heard)
        return f"told {told} channels of {figures['uploads']} uploads"

    def newer(self, version: str) -> int:
        """Tell every channel that is on of a newer version, once in two months; return how many that were."""
        now = time.time()
        return self._put(lambda id_: _newer(id_, version, now, now + self._premises.rules.expires_s))

    def tidy(self) -> str:
        """Drop messages that are old and done with; say how many."""
        with closing(Messages(self._ledger)) as messages:
            return f"dropped {messages.forget(time.time() - MESSAGES_KEPT_S)} messages"

    def _put(self, make: Callable[[str], Message], but: Collection[str] = ()) -> int:
        """Put a message for each channel that is on, but for some, and those that have one with its key."""
        wanted = [each.id for each in self._premises.household.choices.channels if each.on and each.id not in but]
        made = [make(each) for each in wanted]
        with closing(Messages(self._ledger)) as messages:
            put = messages.put(each for each in made if not messages.has(each.channel, each.key))
        self._after()
        return len(put)


def _newer(channel: str, version: str, now: float, expires: float) -> Message:
    news = News(VERSION, version, version, None, Tell.NOTICE, now, over=True)
    key = f"version-{version}"
    return Message(0, channel, key, Form.VERSION, Tell.NOTICE, now, now, now, expires, State.WAITING, (news,))
