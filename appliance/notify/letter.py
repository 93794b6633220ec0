# SPDX-License-Identifier: GPL-2.0-or-later
"""What a channel is given to send, in the words of its reader, and what it says became of it."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.events import Tell


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done from the message itself: a button that asks for ``url``."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in words. Nothing in it is markup."""

    key: str  #: the same for a double and for an update
    title: str
    body: str
    tell: Tell
    update: bool = False  #: it takes the place of one that arrived, and need make no noise
    link: str | None = None  #: where there is more
    actions: tuple[Action, ...] = ()
    picture: bytes | None = None  #: a PNG, for channels that can show one

    def document(self) -> dict[str, object]:
        """Return it as programs get it: a webhook's receiver, a broker's listeners. A contract: docs/alerts.md."""
        return {
            "key": self.key,
            "title": self.title,
            "body": self.body,
            "tell": self.tell.value,
            "update": self.update,
            "link": self.link,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter."""

    arrived: bool
    words: str  #: what happened, for the owner: "ntfy answered 403: this topic needs a login"
    final: bool = False  #: trying again is of no use
    retry_after: float | None = None  #: seconds that the channel asked for


#: Sends one letter, in no more than SEND_S; never raises.
Send = Callable[[Letter], Outcome]
