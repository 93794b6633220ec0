# SPDX-License-Identifier: GPL-2.0-or-later
"""A message to one channel, as the outbox keeps it until it has arrived, and a while longer."""

import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from appliance.events import Tell
from appliance.notify.news import News


class State(StrEnum):
    """How far a message is."""

    HELD = "held"  #: waits for the next digest
    WAITING = "waiting"  #: to be sent when it is due
    SENT = "sent"
    JOINED = "joined"  #: in a digest, or in another message of its episode
    EXPIRED = "expired"  #: it could not be sent while it meant anything; told as a number
    REFUSED = "refused"  #: the channel will never take it


class Form(StrEnum):
    """What kind of message it is."""

    ALERT = "alert"  #: one episode
    REMINDER = "reminder"  #: an urgent one that nobody has seen
    DIGEST = "digest"  #: what was not worth a message of its own
    WEEKLY = "weekly"  #: that it still watches
    VERSION = "version"  #: that there is a newer one
    TEST = "test"  #: the owner wants to see one


@dataclass(frozen=True, slots=True)
class Message:
    """One message; times are wall-clock seconds."""

    id: int  #: 0 until it is kept
    channel: str  #: the channel's id
    key: str  #: names it to whoever receives it: a double, and an update, have the key of the first
    form: Form
    tell: Tell
    created: float
    updated: float  #: when what it says changed last
    due: float  #: not to be sent before
    expires: float
    state: State
    news: tuple[News, ...]  #: what it tells, the newest last
    count: int = 1  #: how often it happened: more than there are ``news`` for
    version: int = 1  #: rises with each update
    sent: int = 0  #: the version that arrived last
    tries: int = 0
    acknowledged: bool = False
    problem: str = ""  #: why it has not arrived, in words

    @property
    def latest(self) -> News:
        """What happened last."""
        return self.news[-1]


def document(news: tuple[News, ...]) -> str:
    """Return news as JSON."""
    return json.dumps([asdict(each) for each in news], ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def undocument(text: str) -> tuple[News, ...]:
    """Return the news in JSON that ``document`` made; ValueError or TypeError if it did not."""
    return tuple(_news(each) for each in json.loads(text))


def _figures(said: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(count)) for name, count in said.get("figures", ()))


def _news(said: dict[str, Any]) -> News:
    values = {field.name: said[field.name] for field in fields(News) if field.name in said}
    typed = {"tell": Tell(said["tell"]), "sentences": tuple(said["sentences"]), "figures": _figures(said)}
    return News(**{**values, **typed})
