# SPDX-License-Identifier: GPL-2.0-or-later
"""The week in figures, and the message that says that Earwitness still watches."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from datetime import time as clock

from appliance.diary.day import tell
from appliance.diary.entries import Entry
from appliance.events import CAPTURE, Tell
from appliance.ledger import Reader
from appliance.notify.message import Form, Message, State
from appliance.notify.news import WEEK, News
from appliance.report.spans import Span, clipped, joined
from appliance.speakers.inventory import Inventory

DAYS = 7
_LOUD = {Tell.ALERT, Tell.URGENT}


def week(reader: Reader, inventory: Inventory, now: float, zone: tzinfo | None) -> dict[str, int]:
    """Return what happened in the seven days before that of wall-clock time ``now``; ``watched`` is in hundredths.

    ``uploads-0`` and ``unexplained-0`` are of the first of the days, by the clock in the house (``zone``), and so on.
    """
    span = Span(midnight(now, zone, -DAYS), midnight(now, zone))
    told = tell(reader, inventory, span.start, span.end)
    verdicts = Counter(each.verdict.verdict for each in told.entries)
    stretches = (Span(each.time, each.ended_at) for each in told.report.coverages if each.source == CAPTURE)
    watched = sum(each.end - each.start for each in clipped(joined(stretches), span))
    uploads = [each for each in told.entries if each.verdict.upload]
    loud = [each for each in uploads if each.verdict.tell in _LOUD]
    return {
        "uploads": len(uploads),
        "unexplained": len(loud),
        "false_wake": verdicts["false_wake"],
        "unheard": verdicts["unheard"] + verdicts["capture_gap"],
        "watched": round(100 * watched / (span.end - span.start)),
        **_by_day("uploads", uploads, now, zone),
        **_by_day("unexplained", loud, now, zone),
    }


def midnight(now: float, zone: tzinfo | None, days: int = 0) -> float:
    """Return when the day of wall-clock time ``now`` began in the house; with ``days`` another one."""
    day = datetime.fromtimestamp(now, zone).date() + timedelta(days=days)
    return datetime.combine(day, clock(), zone).timestamp()


def _by_day(what: str, entries: Iterable[Entry], now: float, zone: tzinfo | None) -> dict[str, int]:
    """Return how many there were on each of the days, all of them by name."""
    begins = [midnight(now, zone, place - DAYS) for place in range(DAYS)]
    counts = Counter(bisect_right(begins, each.time) - 1 for each in entries)
    return {f"{what}-{place}": counts[place] for place in range(DAYS)}


def week_of(now: float, zone: tzinfo | None) -> str:
    """Return the key of a week's messages; a week begins on Monday, by the clock in the house."""
    year, number, _ = datetime.fromtimestamp(now, zone).isocalendar()
    return f"week-{year}-{number}"


def weekly(channel: str, key: str, figures: dict[str, int], now: float, expires: float) -> Message:
    """Return the message about a week to one channel."""
    news = News(WEEK, key, "weekly", None, Tell.NOTICE, now, over=True, figures=tuple(figures.items()))
    return Message(0, channel, key, Form.WEEKLY, Tell.NOTICE, now, now, now, expires, State.WAITING, (news,))
