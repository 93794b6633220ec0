# SPDX-License-Identifier: GPL-2.0-or-later
"""Decides what one channel is told of a piece of news, and when; by the channel's terms and what it was told before.

What happens again and again is one episode, one message that is put in place of itself. Caps and quiet hours hold back
what is not urgent, for the next digest; nothing is ever dropped.
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


def decide(channel: str, news: News, past: Sequence[Message], terms: Terms, now: float) -> Message | None:
    """Return the message that ``news`` makes or changes (by its ``id``); None if the channel has nothing to learn.

    ``past``: the channel's messages of the last day or longer, the oldest first.
    """
    told = _told(news, past)
    if told is not None:
        return _again(told, news, past, terms, now)
    if news.tell is Tell.NOBODY or (news.over and news.about == FINDING):
        return None  # the end of something that nobody was told of is no news
    joined = _episode(news, past, terms, now)
    if joined is not None:
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
    return _timed(message, past, terms, now)


def remind(message: Message, terms: Terms, now: float) -> Message | None:
    """Return the reminder of an urgent message that arrived and that nobody acknowledged; None if none is due."""
    due = message.created + terms.rules.reminder_s
    wanted = message.form is Form.ALERT and message.tell is Tell.URGENT and message.state is State.SENT
    if not wanted or message.acknowledged or now < due or terms.asleep(message.latest.device, now):
        return None
    quiet = None if terms.quiet.urgent_passes else terms.held_until(now)
    return replace(
        message,
        id=0,
        form=Form.REMINDER,
        created=now,
        updated=now,
        due=quiet or now,
        expires=now + terms.rules.expires_s,
        state=State.WAITING,
        version=message.version + 1,
        sent=0,
        tries=0,
    )


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
        recent = now - message.updated < terms.joins_s and now - message.created < terms.rules.longest_s
        if same and recent and message.state in {*_OUT, State.HELD} and not louder(news.tell, message.tell):
            return message
    return None


def _again(message: Message, news: News, past: Sequence[Message], terms: Terms, now: float) -> Message | None:
    """Return the message with what is known now of something that it has told; if that made it worse, as a new one."""
    before = next(each for each in message.news if each.about == news.about and each.id == news.id)
    if news == before:
        return None
    known = tuple(news if each is before else each for each in message.news)
    if not louder(news.tell, message.tell):
        return _changed(message, known, message.count, terms, now)
    anew = replace(message, news=known, tell=news.tell, state=State.WAITING, created=now, due=now, acknowledged=False)
    anew = replace(anew, version=message.version + 1, updated=now, expires=now + terms.rules.expires_s, tries=0)
    return _timed(anew, [each for each in past if each is not message], terms, now)


def _join(message: Message, news: News, terms: Terms, now: float) -> Message:
    known = (*message.news, news)[-NEWS_IN_A_MESSAGE:]
    return _changed(message, known, message.count + 1, terms, now)


def _changed(message: Message, news: tuple[News, ...], count: int, terms: Terms, now: float) -> Message:
    """Return the message with other contents, to be sent again where the channel can put it in place of the first."""
    changed = replace(message, news=news, count=count, updated=now, version=message.version + 1)
    if message.state is State.SENT and terms.updates:
        return replace(changed, state=State.WAITING, due=now, expires=now + terms.rules.expires_s, tries=0)
    return changed


def _timed(message: Message, past: Sequence[Message], terms: Terms, now: float) -> Message:
    """Return the message with its time: now, after the quiet hours, or with the next digest."""
    if message.tell is Tell.NOTICE or terms.asleep(message.latest.device, now):
        return _held(message, terms, now)
    quiet = terms.held_until(now)
    if message.tell is Tell.URGENT:
        waits = quiet is not None and not terms.quiet.urgent_passes
        return replace(message, due=quiet or now) if waits else message
    if quiet is not None or _full(past, terms, now):
        return _held(message, terms, now)
    return message


def _held(message: Message, terms: Terms, now: float) -> Message:
    return replace(message, state=State.HELD, due=terms.digest_at(now), expires=float(2**40))


def _full(past: Sequence[Message], terms: Terms, now: float) -> bool:
    """Whether there were as many alerts in the last hour, or day, as the household wants at the most."""
    ages = [now - each.created for each in past if each.form is Form.ALERT and each.state in _OUT]
    in_hour = sum(age < HOUR_S for age in ages)
    return in_hour >= terms.caps.an_hour or sum(age < DAY_S for age in ages) >= terms.caps.a_day
