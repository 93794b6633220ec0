# SPDX-License-Identifier: GPL-2.0-or-later
"""The week in figures, and the message that says that Earwitness still watches."""

from collections import Counter

from appliance.diary.day import tell
from appliance.events import Tell
from appliance.judge import CAPTURE
from appliance.ledger import Reader
from appliance.notify.message import Form, Message, State
from appliance.notify.news import WEEK, News
from appliance.report.spans import Span, clipped, joined
from appliance.speakers.inventory import Inventory

WEEK_S = 7 * 86_400.0
_LOUD = {Tell.ALERT, Tell.URGENT}


def week(reader: Reader, inventory: Inventory, now: float) -> dict[str, int]:
    """Return what happened in the seven days before wall-clock time ``now``; ``watched`` is in hundredths."""
    told = tell(reader, inventory, now - WEEK_S, now)
    verdicts = Counter(each.verdict.verdict for each in told.entries)
    span = Span(now - WEEK_S, now)
    stretches = (Span(each.time, each.ended_at) for each in told.report.coverages if each.source == CAPTURE)
    watched = sum(each.end - each.start for each in clipped(joined(stretches), span))
    return {
        "uploads": sum(each.verdict.upload is not None for each in told.entries),
        "unexplained": sum(each.verdict.tell in _LOUD and each.verdict.upload is not None for each in told.entries),
        "false_wake": verdicts["false_wake"],
        "unheard": verdicts["unheard"] + verdicts["capture_gap"],
        "watched": round(100 * watched / WEEK_S),
    }


def weekly(channel: str, figures: dict[str, int], now: float, expires: float) -> Message:
    """Return the message about a week to one channel; made twice in a week it has the same key."""
    key = f"week-{int(now // WEEK_S)}"
    news = News(WEEK, key, "weekly", None, Tell.NOTICE, now, over=True, figures=tuple(figures.items()))
    return Message(0, channel, key, Form.WEEKLY, Tell.NOTICE, now, now, now, expires, State.WAITING, (news,))
