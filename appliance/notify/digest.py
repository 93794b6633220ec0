# SPDX-License-Identifier: GPL-2.0-or-later
"""The digest: what was held back, joined in one message, once a day."""

from collections.abc import Sequence
from dataclasses import replace

from appliance.limits import MESSAGE_AHEAD_S, NEWS_IN_A_DIGEST
from appliance.notify.desk import LOUDNESS
from appliance.notify.message import Form, Message, State
from appliance.notify.terms import Terms


def digest(channel: str, past: Sequence[Message], terms: Terms, now: float) -> list[Message]:
    """Return the digest that is due and the messages that are in it, now joined; nothing if none is due."""
    held = [each for each in past if each.state is State.HELD]
    waits = terms.held_until(now) is not None or terms.asleep(None, now)
    if waits or not any(each.due <= now or each.due > now + MESSAGE_AHEAD_S for each in held):
        return []
    loudest = max((each.tell for each in held), key=LOUDNESS.index)
    news = sorted((each.latest for each in held), key=lambda each: (-LOUDNESS.index(each.tell), each.time))
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
        count=sum(each.count for each in held),
    )
    return [message, *(replace(each, state=State.JOINED) for each in held)]
