# SPDX-License-Identifier: GPL-2.0-or-later
"""News and terms for the tests, with everything that a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from appliance.events import Tell
from appliance.household import Caps, Quiet
from appliance.notify.message import Message
from appliance.notify.news import UPLOAD, News
from appliance.notify.terms import Terms
from appliance.rules import load_rules

RULES = load_rules(None).alerts
#: A Wednesday noon, UTC.
NOON = datetime(2026, 6, 17, 12, tzinfo=UTC).timestamp()
KITCHEN, HALL = "02:00:00:00:00:01", "02:00:00:00:00:02"


def news(id_: str = "1", tell: Tell = Tell.ALERT, **more: object) -> News:
    plain = News(UPLOAD, id_, "unexplained_speech", KITCHEN, tell, NOON, over=False, bytes_up=61_000)
    return replace(plain, **more)  # type: ignore[arg-type] # fields of News


def terms(
    caps: Caps | None = None, quiet: Quiet | None = None, zone: tzinfo | None = UTC, *, updates: bool = True
) -> Terms:
    return Terms(RULES, caps or Caps(), quiet or Quiet(), zone, updates)


def kept(past: list[Message], message: Message | None) -> list[Message]:
    """Return what the outbox holds after ``message`` was put there."""
    if message is None:
        return past
    if message.id:
        return [message if each.id == message.id else each for each in past]
    return [*past, replace(message, id=len(past) + 1)]
