# SPDX-License-Identifier: GPL-2.0-or-later
"""Decides what one channel is told of a piece of news, and when; by the channel's terms and what it was told before.

What happens again and again is one episode, one message that is put in place of itself. Caps and quiet hours hold back
what is not urgent, for the next digest; nothing is ever dropped. The last alert of a day is kept for what cannot wait,
and the first urgent one of a day goes out whatever was told. When the urgent comes in a storm, more of it joins the
last urgent message or, where that cannot be changed any more, is in the next digest.
"""

from collections.abc import Sequence
from dataclasses import replace

from appliance.events import Tell
from appliance.limits import NEWS_IN_A_MESSAGE
from appliance.notify.message import Form, Message, State
from appliance.notify.news import FINDING, News
from appliance.notify.terms import Terms

HOUR_S, DAY_S = 3_600.0, 86_400.0
#: From quiet to loud.
LOUDNESS = (Tell.NOBODY, Tell.NOTICE, Tell.ALERT, Tell.URGENT)
#: Messages that have been told, or will be as soon as may be.
_OUT = {State.WAITING, State.SENT}
_COUNTED = {Form.ALERT, Form.WEEKLY}


def decide(channel: str, news: News, past: Sequence[Message], terms: Terms, now: float) -> Message | None:
    """Return the message that ``news`` makes or changes (by its ``id``); None if the channel has nothing to learn.

    ``past``: the channel's messages of the last day or longer, the oldest first.
    """
    told = _told(news, past)
    if told is not None:
        return _again(told, news, past, terms, now)
    if news.tell is Tell.NOBODY or (news.over and news.about == FINDING):
        return None  # the end of something that nobody was told of is no news
    joined = _episode(news, past, terms, now) or _storm(news, past, terms, now)
    if joined is not None and (joined.state is not State.SENT or terms.updates or _well(joined)):
        return _join(joined, news, terms, now)
    message = Message(
        id=0,
        channel=channel,
        key=f"{news.about}-{news.id}",
        form=Form.ALERT,
        tell=news.tell,
        created=now,
        updated=now,
        due=now,
        expires=now + terms.rules.expires_s,
        state=State.WAITING,
        news=(news,),
    )
    return _timed(message, past, terms, now) if joined is None else _held(message, terms, now)


def remind(message: Message, terms: Terms, now: float) -> Message | None:
    """Return the reminder of an urgent message that arrived and that nobody acknowledged; None if none is due."""
    soon = _within(terms.rules.reminder_s, message.created, now)
    wanted = message.form is Form.ALERT and message.tell is Tell.URGENT and message.state is State.SENT
    if not wanted or message.acknowledged or soon or terms.asleep(message.latest.device, now):
        return None
    quiet = None if terms.quiet.urgent_passes else terms.held_until(now)
    again = replace(message, id=0, form=Form.REMINDER, created=now, updated=now, version=message.version + 1, sent=0)
    return _waiting(again, quiet or now, terms)


def louder(one: Tell, other: Tell) -> bool:
    """Whether ``one`` is told louder than ``other``."""
    return LOUDNESS.index(one) > LOUDNESS.index(other)


def _told(news: News, past: Sequence[Message]) -> Message | None:
    """Return the message that has told of the very thing."""
    for message in reversed(past):
        if message.form is Form.ALERT and any(each.about == news.about and each.id == news.id for each in message.news):
            return message
    return None


def _episode(news: News, past: Sequence[Message], terms: Terms, now: float) -> Message | None:
    """Return the message of an episode that still goes on, and to which the news belongs."""
    for message in reversed(past):
        same = message.form is Form.ALERT and message.latest.episode == news.episode
        recent = _within(terms.joins_s, message.updated, now) and _within(terms.rules.longest_s, message.created, now)
        joins = message.state in {*_OUT, State.HELD} and not louder(news.tell, message.tell)
        if same and recent and joins and (terms.updates or not _well(message)):
            return message
    return None


def _storm(news: News, past: Sequence[Message], terms: Terms, now: float) -> Message | None:
    """Return the urgent message that more urgent news joins, once there were as many alerts in a day as there may be.

    Only where a message can be put in place of itself: there it is told at once, and yet no message more.
    """
    if news.tell is not Tell.URGENT or not terms.updates or not _stormy(past, terms, now):
        return None
    return next(each for each in reversed(_lately(DAY_S, past, now)) if _urgent(each))


def _stormy(past: Sequence[Message], terms: Terms, now: float) -> bool:
    """Whether there were as many alerts in the last day as there may be, one of them urgent."""
    lately = _lately(DAY_S, past, now)
    return len(lately) >= terms.caps.a_day and any(_urgent(each) for each in lately)


def _urgent(message: Message) -> bool:
    return message.form is Form.ALERT and message.tell is Tell.URGENT


def _again(message: Message, news: News, past: Sequence[Message], terms: Terms, now: float) -> Message | None:
    """Return the message with what is known now of something that it has told; if that made it worse, as a new one."""
    before = next(each for each in message.news if each.about == news.about and each.id == news.id)
    if news == before:
        return None
    known = tuple(news if each is before else each for each in message.news)
    if not louder(news.tell, message.tell):
        return _changed(message, known, message.count, terms, now)
    anew = replace(message, news=known, tell=news.tell, created=now, updated=now, acknowledged=False)
    anew = _waiting(replace(anew, version=message.version + 1), now, terms)
    return _timed(anew, [each for each in past if each is not message], terms, now)


def _join(message: Message, news: News, terms: Terms, now: float) -> Message:
    known = (*message.news, news)[-NEWS_IN_A_MESSAGE:]
    return _changed(message, known, message.count + 1, terms, now)


def _changed(message: Message, news: tuple[News, ...], count: int, terms: Terms, now: float) -> Message:
    """Return the message with other contents, to be sent again where the channel can put it in place of the first.

    That sight is back is told everywhere, if its loss was; where it makes a noise, when the quiet hours are over.
    """
    changed = replace(message, news=news, count=count, updated=now, version=message.version + 1)
    if message.state is not State.SENT:
        return changed
    if terms.asleep(changed.latest.device, now):
        return _held(changed, terms, now) if _well(changed) else changed
    if terms.updates:
        return _waiting(changed, now, terms)
    return _waiting(changed, terms.held_until(now) or now, terms) if _well(changed) else changed


def _well(message: Message) -> bool:
    """Whether a message tells, last, that a loss of sight is over."""
    return message.latest.about == FINDING and message.latest.over


def _timed(message: Message, past: Sequence[Message], terms: Terms, now: float) -> Message:
    """Return the message with its time: now, after the quiet hours, or with the next digest."""
    old = all(_old(each, terms, now) for each in message.news)
    if message.tell is Tell.NOTICE or old or terms.asleep(message.latest.device, now):
        return _held(message, terms, now)
    quiet = terms.held_until(now)
    if message.tell is Tell.URGENT:
        if not terms.updates and _stormy(past, terms, now):
            return _held(message, terms, now)
        waits = quiet is not None and not terms.quiet.urgent_passes
        return _waiting(message, quiet or now, terms) if waits else message
    if quiet is not None or _full(message, past, terms, now):
        return _held(message, terms, now)
    return message


def _waiting(message: Message, due: float, terms: Terms) -> Message:
    """Return the message to be sent at ``due``; what it says means something for some hours from then on."""
    return replace(message, state=State.WAITING, due=due, expires=due + terms.rules.expires_s, tries=0)


def _old(news: News, terms: Terms, now: float) -> bool:
    """Whether it was over so long ago that it alarms nobody any more: of a replay, or from before an outage."""
    return now - news.time - (news.seconds or 0.0) >= terms.rules.expires_s


def _within(seconds: float, then: float, now: float) -> bool:
    """Whether fewer ``seconds`` are between two times; what lies far ahead was noted before the clock was put back."""
    return abs(now - then) < seconds


def _held(message: Message, terms: Terms, now: float) -> Message:
    return replace(message, state=State.HELD, due=terms.digest_at(now), expires=float(2**40))


def _full(message: Message, past: Sequence[Message], terms: Terms, now: float) -> bool:
    """Whether there were as many alerts in the last hour, or day, as the household wants at the most.

    A day's last is kept for what cannot wait: for something urgent, and for that sight was lost.
    """
    can_wait = message.latest.about != FINDING
    in_hour, in_day = (len(_lately(span, past, now)) for span in (HOUR_S, DAY_S))
    return in_hour >= terms.caps.an_hour or in_day >= max(1, terms.caps.a_day - can_wait)


def _lately(seconds: float, past: Sequence[Message], now: float) -> list[Message]:
    """Return what was told by itself in the last ``seconds``, the oldest first; all but digests and reminders."""
    counted = [each for each in past if each.form in _COUNTED and each.state in _OUT]
    return [each for each in counted if _within(seconds, each.created, now)]
