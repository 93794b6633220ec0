# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Tell
from appliance.household import Caps, Quiet
from appliance.notify.desk import decide, louder, remind
from appliance.notify.message import Form, Message, State
from appliance.notify.news import FINDING, News
from appliance.notify.terms import Terms
from appliance.notify.week import weekly
from tests.notify.making import HALL, KITCHEN, NOON, kept, news, terms

NIGHT = Quiet(on=True, begin=time(22), end=time(7))


def told(*happened: News, on: Terms | None = None, at: float = NOON, sent: bool = True) -> list[Message]:
    """Return the outbox after pieces of news a minute apart, each message sent at once."""
    past: list[Message] = []
    for number, each in enumerate(happened):
        now = replace(each, time=each.time + at - NOON)
        past = kept(past, decide("c", now, past, on or terms(), at + 60 * number))
        if sent:
            waits = [each.state is State.WAITING and each.due <= at + 60 * number for each in past]
            past = [replace(m, state=State.SENT, sent=m.version) if w else m for m, w in zip(past, waits, strict=True)]
    return past


def test_an_alert_goes_out_at_once() -> None:
    """What is an alert waits for nothing; what is for nobody makes no message."""
    (message,) = told(news(), sent=False)
    assert (message.state, message.due, message.form) == (State.WAITING, NOON, Form.ALERT)
    assert told(news(tell=Tell.NOBODY)) == []


def test_the_end_of_an_upload_updates_its_message() -> None:
    """What comes to be known of the same upload takes the place of its first message, under the same key."""
    first, second = told(news()), told(news(), news(over=True, bytes_up=99_000))
    assert [each.key for each in first] == [each.key for each in second]
    assert (second[0].version, second[0].latest.bytes_up, second[0].count) == (2, 99_000, 1)


def test_nothing_new_is_not_told_again() -> None:
    """The same news twice makes one message, once."""
    assert told(news(), news()) == told(news())


def test_repetitions_are_one_episode() -> None:
    """The same of the same speaker within the hour is one message that counts; of another speaker it is another."""
    again = told(news("1"), news("2"), news("3"), news("4", device=HALL))
    assert [(each.count, each.latest.device) for each in again] == [(3, KITCHEN), (1, HALL)]
    assert again[0].version == 3


def test_without_updates_repetitions_are_quiet() -> None:
    """Where a message cannot take another's place, repetitions are counted, and wait for the next digest."""
    first, again = told(news("1"), news("2"), news("3"), on=terms(updates=False))
    assert (first.state, first.count, first.sent) == (State.SENT, 1, 1)
    assert (again.state, again.count, again.due) == (State.HELD, 2, terms().digest_at(NOON))


def test_what_becomes_urgent_is_told_anew() -> None:
    """If an alert turns out to be urgent it is sent again, though messages of its episode were."""
    (message,) = told(news(), news(tell=Tell.URGENT), on=terms(updates=False))
    assert (message.tell, message.sent) == (Tell.URGENT, 2)


def test_an_episode_after_the_hour_is_a_new_message() -> None:
    """What happens again later than an episode lasts is told anew."""
    past = told(news("1"))
    later = decide("c", news("2"), past, terms(), NOON + 3601)
    assert later is not None
    assert later.id == 0


def test_caps_hold_back_what_is_not_urgent() -> None:
    """More alerts than the household wants in an hour wait for the digest; an urgent one does not."""
    devices = [f"02:00:00:00:01:{number:02x}" for number in range(5)]
    found = told(*(news(device, device=device) for device in devices), on=terms(Caps(an_hour=2, a_day=20)))
    assert [each.state for each in found] == [State.SENT, State.SENT, State.HELD, State.HELD, State.HELD]
    urgent = decide("c", news("u", Tell.URGENT, device=HALL), found, terms(Caps(an_hour=2)), NOON + 600)
    assert urgent is not None
    assert (urgent.state, urgent.due) == (State.WAITING, NOON + 600)


@pytest.mark.parametrize("updates", [True, False])
def test_a_storm_of_urgent_news_is_few_messages(updates: bool) -> None:  # noqa: FBT001 - both kinds of channel
    """More urgent ones than a day may have alerts join the last at once, or wait for the digest if that cannot be."""
    devices = [f"02:00:00:00:01:{number:02x}" for number in range(5)]
    on = terms(Caps(an_hour=2, a_day=2), updates=updates)
    found = told(*(news(device, Tell.URGENT, device=device) for device in devices), on=on)
    if updates:
        assert [(each.state, each.count) for each in found] == [(State.SENT, 1), (State.SENT, 4)]
        assert found[1].sent == found[1].version == 4
    else:
        assert [each.state for each in found] == [State.SENT] * 2 + [State.HELD] * 3
        assert found[2].due == on.digest_at(NOON)
    later = news("x", Tell.URGENT, device=HALL, time=NOON + 90_000)
    tomorrow = decide("c", later, found, on, NOON + 90_000)
    assert tomorrow is not None
    assert (tomorrow.id, tomorrow.state) == (0, State.WAITING)


def test_caps_of_a_day() -> None:
    """Alerts of the last 24 hours count, wherever midnight is."""
    on = terms(Caps(a_day=1))
    past = told(news("1"), on=on)
    for hours, state in ((23, State.HELD), (25, State.WAITING)):
        later = decide("c", news("2", device=HALL, time=NOON + 3600 * hours), past, on, NOON + 3600 * hours)
        assert later is not None
        assert later.state is state


def test_a_days_last_alert_is_kept_for_what_cannot_wait() -> None:
    """What is not urgent leaves room for one that is, and for that sight was lost; and takes the last of neither."""
    on = terms(Caps(an_hour=9, a_day=2))
    past = told(news("1"), on=on)
    for more, state in (
        (news("2", device=HALL), State.HELD),
        (news("3", Tell.URGENT, device=HALL), State.WAITING),
        (news("4", about=FINDING, kind="capture-gone", device=None), State.WAITING),
    ):
        message = decide("c", more, past, on, NOON + 60)
        assert message is not None
        assert (message.id, message.state) == (0, state)


@pytest.mark.parametrize("updates", [True, False])
def test_the_first_urgent_one_of_a_day_goes_out(updates: bool) -> None:  # noqa: FBT001 - both kinds of channel
    """However much was told that was not urgent."""
    on = terms(Caps(an_hour=1, a_day=1), updates=updates)
    past = told(news("1"), on=on)
    first = decide("c", news("2", Tell.URGENT, device=HALL), past, on, NOON + 60)
    assert first is not None
    assert (first.id, first.state) == (0, State.WAITING)
    past = kept(past, replace(first, state=State.SENT))
    more = decide("c", news("3", Tell.URGENT, device="02:00:00:00:00:03"), past, on, NOON + 120)
    assert more is not None
    assert (more.id, more.state) == ((2, State.WAITING) if updates else (0, State.HELD))


def test_a_weeks_summary_counts() -> None:
    """On the day of it there is one alert less."""
    on = terms(Caps(an_hour=9, a_day=2))
    summary = weekly("c", "week-2026-25", {}, NOON, NOON + 1)
    message = decide("c", news(), kept([], summary), on, NOON + 60)
    assert message is not None
    assert message.state is State.HELD


def test_quiet_hours_hold_alerts_till_the_morning() -> None:
    """At night an alert waits for the morning's digest; an urgent one passes, unless the owner said otherwise."""
    midnight = datetime(2026, 6, 17, 23, 30, tzinfo=UTC).timestamp()
    morning = datetime(2026, 6, 18, 7, tzinfo=UTC).timestamp()
    (alert,) = told(news(), on=terms(quiet=NIGHT), at=midnight)
    assert (alert.state, alert.due) == (State.HELD, morning)
    (urgent,) = told(news(tell=Tell.URGENT), on=terms(quiet=NIGHT), at=midnight)
    assert urgent.state is State.SENT
    silent = NIGHT.model_copy(update={"urgent_passes": False})
    (waiting,) = told(news(tell=Tell.URGENT), on=terms(quiet=silent), at=midnight)
    assert (waiting.state, waiting.due) == (State.WAITING, morning)


def test_a_notice_waits_for_the_digest() -> None:
    """What is only worth a notice is held."""
    (notice,) = told(news(tell=Tell.NOTICE))
    assert notice.state is State.HELD


@pytest.mark.parametrize("device", [KITCHEN, None])
def test_a_snooze_holds_everything_of_its_speaker(device: str | None) -> None:
    """Somebody who asked for quiet about a speaker, or about all, finds it in the digest."""
    (message,) = told(news(tell=Tell.URGENT), on=replace(terms(), snoozed={device: NOON + 60}))
    assert message.state is State.HELD
    (awake,) = told(news(tell=Tell.URGENT), on=replace(terms(), snoozed={HALL: NOON + 60}))
    assert awake.state is State.SENT


def test_the_end_of_a_finding_follows_its_beginning() -> None:
    """That sight was lost is told, and that it is back; the end of what was never told is not."""
    begin = news("f", about=FINDING, kind="capture-gone", device=None)
    (message,) = told(begin, replace(begin, over=True, seconds=60.0))
    assert (message.version, message.latest.over) == (2, True)
    assert told(replace(begin, over=True)) == []


def test_an_urgent_message_is_repeated_once() -> None:
    """If nobody acknowledged it after half an hour there is a reminder, with its key; else there is none."""
    (message,) = told(news(tell=Tell.URGENT))
    assert remind(message, terms(), NOON + 1799) is None
    assert remind(replace(message, acknowledged=True), terms(), NOON + 1801) is None
    reminder = remind(message, terms(), NOON + 1801)
    assert reminder is not None
    assert (reminder.form, reminder.key, reminder.state) == (Form.REMINDER, message.key, State.WAITING)
    (alert,) = told(news())
    assert remind(alert, terms(), NOON + 1801) is None


@pytest.mark.parametrize("updates", [True, False])
def test_an_end_is_told_wherever_the_beginning_was(updates: bool) -> None:  # noqa: FBT001 - with and without
    """Also a channel that cannot put messages in place of others says that sight is back, and if it is lost again."""
    begin = news("f", about=FINDING, kind="capture-gone", device=None)
    on = terms(updates=updates)
    (message,) = told(begin, replace(begin, over=True, seconds=60.0), on=on)
    assert message.sent == 2
    past = told(begin, replace(begin, over=True, seconds=60.0), replace(begin, id="g"), on=on)
    assert [each.sent for each in past] == ([3] if updates else [2, 1])


def test_a_loud_end_waits_for_the_morning() -> None:
    """An end in the quiet hours makes no noise; while all is hushed it waits for the digest."""
    evening = datetime(2026, 6, 17, 21, 59, tzinfo=UTC).timestamp()
    morning = datetime(2026, 6, 18, 7, tzinfo=UTC).timestamp()
    begin = news("f", about=FINDING, kind="capture-gone", device=None)
    over = replace(begin, over=True, seconds=60.0)
    (message,) = told(begin, over, on=terms(quiet=NIGHT, updates=False), at=evening)
    assert (message.state, message.due, message.latest.over) == (State.WAITING, morning, True)
    hushed = replace(terms(), snoozed={None: NOON + 600})
    held = decide("c", over, told(begin), hushed, NOON + 60)
    assert held is not None
    assert held.state is State.HELD


def test_a_hushed_speaker_does_not_sound_again() -> None:
    """What is known later of something that was told does not go out again while its speaker is hushed."""
    later = decide("c", news(over=True), told(news()), replace(terms(), snoozed={KITCHEN: NOON + 600}), NOON + 60)
    assert later is not None
    assert later.state is State.SENT


def test_what_waits_for_the_morning_does_not_expire_before() -> None:
    """However long the quiet hours are, an urgent message, or its reminder, means something when they are over."""
    long = NIGHT.model_copy(update={"begin": time(13), "end": time(12), "urgent_passes": False})
    on = terms(quiet=long)
    (message,) = told(news(tell=Tell.URGENT), on=on, at=NOON + 3600)
    assert message.due == NOON + 24 * 3600
    assert message.expires == message.due + on.rules.expires_s
    (sent,) = told(news(tell=Tell.URGENT), at=NOON)
    reminder = remind(sent, on, NOON + 3600)
    assert reminder is not None
    assert reminder.expires > reminder.due > NOON + 23 * 3600


def test_old_news_alarms_nobody() -> None:
    """What was over hours ago, as after an outage, waits for the digest; what went on until now does not."""
    hours = terms().rules.expires_s
    for seconds, state in ((None, State.HELD), (60.0, State.HELD), (hours, State.WAITING)):
        message = decide("c", news(tell=Tell.URGENT, seconds=seconds), [], terms(), NOON + hours + 60)
        assert message is not None
        assert message.state is state


def test_what_grows_urgent_is_as_young_as_it_is() -> None:
    """An episode that began hours ago is told at once if something of now in it turns out to be urgent."""
    hours = terms().rules.expires_s
    past = told(news("new", Tell.NOTICE, time=NOON + hours), news("old", Tell.NOTICE, time=NOON - hours), sent=False)
    urgent = decide("c", news("new", Tell.URGENT, time=NOON + hours), past, terms(), NOON + hours)
    assert urgent is not None
    assert urgent.state is State.WAITING


def test_a_clock_that_was_put_back_silences_nobody() -> None:
    """Messages of a time that has not come yet are no episode that goes on, fill no cap, and are reminded of."""
    ahead = told(news("1", Tell.URGENT), at=NOON + 365 * 86_400)
    after = decide("c", news("2"), ahead, terms(Caps(an_hour=1, a_day=1)), NOON)
    assert after is not None
    assert (after.id, after.state) == (0, State.WAITING)
    assert remind(ahead[0], terms(), NOON) is not None


happenings = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from(Tell),
        st.sampled_from([KITCHEN, HALL]),
        st.floats(0, 40_000),
    ),
    max_size=30,
)


@given(happenings, st.integers(1, 4), st.sampled_from([NIGHT, Quiet()]))
def test_whatever_happens(happened: list[tuple[int, Tell, str, float]], cap: int, quiet: Quiet) -> None:
    """Urgent news is never held back or capped, alerts never outnumber their caps, and nothing is lost."""
    on = terms(Caps(an_hour=cap, a_day=2 * cap), quiet)
    past: list[Message] = []
    now = NOON
    for id_, tell, device, wait in happened:
        now += wait
        each = news(f"{device}-{id_}", tell, device=device, time=now)
        past = kept(past, decide("c", each, past, on, now))
        if tell is Tell.NOBODY:
            continue
        (holder,) = [m for m in past if any(n.id == each.id for n in m.news)]
        if tell is Tell.URGENT:
            assert holder.state is not State.HELD
        past = [replace(m, state=State.SENT, sent=m.version) if m.state is State.WAITING else m for m in past]
    quiet_ones = [m for m in past if m.state is State.SENT and m.tell is Tell.ALERT]
    for message in quiet_ones:
        near = [m for m in quiet_ones if 0 <= message.created - m.created < 3600]
        assert len(near) <= cap


def test_loudness_has_an_order() -> None:
    """Urgent is louder than alert, alert than notice, and nothing than itself."""
    assert louder(Tell.URGENT, Tell.ALERT)
    assert louder(Tell.NOTICE, Tell.NOBODY)
    assert not louder(Tell.ALERT, Tell.ALERT)
