# SPDX-License-Identifier: GPL-2.0-or-later
"""The digest: what was held back, joined in one message, once a day."""

from collections.abc import Sequence
from dataclasses import replace

from appliance.events import Tell
from appliance.limits import MESSAGE_AHEAD_S, NEWS_IN_A_DIGEST
from appliance.notify.desk import LOUDNESS
from appliance.notify.message import Form, Message, State
from appliance.notify.terms import Terms


def digest(channel: str, past: Sequence[Message], terms: Terms, now: float) -> list[Message]:
    """Return the digest that is due and the messages that are in it, now joined; nothing if none is due.

    What has been explained meanwhile is told nobody; if that is all, there is no digest.
    """
    held = [each for each in past if each.state is State.HELD]
    left = [each for each in map(_unexplained, held) if each]
    waits = terms.held_until(now) is not None or terms.asleep(None, now)
    if waits or not any(each.due <= now or each.due > now + MESSAGE_AHEAD_S for each in held):
        return []
    joined = [replace(each, state=State.JOINED) for each in held]
    if not left:
        return joined
    loudest = max((each.tell for each in left), key=LOUDNESS.index)
    news = sorted((each.latest for each in left), key=lambda each: (-LOUDNESS.index(each.tell), each.time))
    message = Message(
        id=0,
        channel=channel,
        key=f"digest-{int(now)}",
        form=Form.DIGEST,
        tell=loudest,
        created=now,
        updated=now,
        due=now,
        expires=now + terms.rules.expires_s,
        state=State.WAITING,
        news=tuple(news[:NEWS_IN_A_DIGEST]),
        count=sum(each.count for each in left),
    )
    return [message, *joined]


def _unexplained(message: Message) -> Message | None:
    """Return a message without what has been explained while it was held; None if that is all of it."""
    news = tuple(each for each in message.news if each.tell is not Tell.NOBODY)
    return replace(message, news=news, count=message.count - len(message.news) + len(news)) if news else None
