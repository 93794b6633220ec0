# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from datetime import time

from appliance.events import Tell
from appliance.household import Caps, Quiet
from appliance.limits import NEWS_IN_A_DIGEST
from appliance.notify.desk import decide
from appliance.notify.digest import digest
from appliance.notify.message import Form, Message, State
from tests.notify.making import NOON, kept, news, terms


def held(count: int, tell: Tell = Tell.NOTICE) -> list[Message]:
    past: list[Message] = []
    for number in range(count):
        each = news(str(number), tell, kind=f"kind-{number}")
        past = kept(past, decide("c", each, past, terms(Caps(an_hour=1)), NOON))
    return past


def test_a_digest_joins_all_that_was_held() -> None:
    """When it is due there is one message with the news of all, and they are done with."""
    past = held(3)
    assert digest("c", past, terms(), NOON + 60) == []
    message, *joined = digest("c", past, terms(), past[0].due)
    assert (message.form, message.count, len(message.news)) == (Form.DIGEST, 3, 3)
    assert [each.state for each in joined] == [State.JOINED] * 3
    after = [*joined, message]
    assert digest("c", after, terms(), past[0].due + 1) == []


def test_what_was_explained_meanwhile_is_not_told() -> None:
    """It leaves the digest; of several of one episode the others stay, and if nothing is left there is no digest."""
    past = held(2)
    explained = decide("c", replace(past[0].latest, kind="called", tell=Tell.NOBODY, over=True), past, terms(), NOON)
    past = kept(past, explained)
    message, *joined = digest("c", past, terms(), past[0].due)
    assert (message.count, [each.kind for each in message.news]) == (1, ["kind-1"])
    assert [each.state for each in joined] == [State.JOINED] * 2
    (alone,) = digest("c", past[:1], terms(), past[0].due)
    assert alone.state is State.JOINED
    twice = kept(past[1:], decide("c", replace(past[1].latest, id="again"), past[1:], terms(), NOON))
    twice = kept(twice, decide("c", replace(past[1].latest, tell=Tell.NOBODY), twice, terms(), NOON))
    message = digest("c", twice, terms(), past[0].due)[0]
    assert (message.count, [each.id for each in message.news]) == (1, ["again"])


def test_what_was_not_explained_after_all_is_told() -> None:
    """A verdict that is revised twice is told as it stands when the digest is made."""
    past = held(1)
    for tell in (Tell.NOBODY, Tell.NOTICE):
        past = kept(past, decide("c", replace(past[0].latest, tell=tell), past, terms(), NOON))
    assert digest("c", past, terms(), past[0].due)[0].count == 1


def test_the_loudest_comes_first() -> None:
    """Alerts that caps held back stand above notices, and the digest is as loud as the loudest."""
    past = [*held(2), *held(3, Tell.ALERT)[1:]]
    message = digest("c", past, terms(), past[0].due)[0]
    assert message.tell is Tell.ALERT
    assert [each.tell for each in message.news] == [Tell.ALERT, Tell.ALERT, Tell.NOTICE, Tell.NOTICE]


def test_a_digest_is_bounded_and_counts_all() -> None:
    """However much was held, it is counted, and so much of it told."""
    past = held(NEWS_IN_A_DIGEST + 5)
    message = digest("c", past, terms(), past[0].due)[0]
    assert (message.count, len(message.news)) == (NEWS_IN_A_DIGEST + 5, NEWS_IN_A_DIGEST)


def test_a_hushed_house_gets_no_digest() -> None:
    """While somebody wants to hear of nothing the digest waits, too."""
    past = held(1)
    assert digest("c", past, replace(terms(), snoozed={None: past[0].due + 60}), past[0].due) == []


def test_a_digest_from_before_the_clock_was_put_back() -> None:
    """What would be due in a year, since the clock was wrong, is told now."""
    past = [replace(each, due=each.due + 365 * 86_400) for each in held(1)]
    assert len(digest("c", past, terms(), NOON)) == 2


def test_no_digest_in_quiet_hours() -> None:
    """What was held before the hours became quiet waits until they are over."""
    past = held(1)
    assert digest("c", past, terms(quiet=Quiet(on=True, begin=time(7), end=time(9))), past[0].due) == []
