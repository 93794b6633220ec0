# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Reply
from appliance.uploads.reply import ReplyWatch
from tests.uploads.streams import ECHO, RULES

RULE = RULES.uploads.reply


def test_a_reply_lasts_until_its_silence() -> None:
    """The reply is from its first to its last bin, and known one gap after that."""
    watch = ReplyWatch(RULE, ECHO, 10.0)
    for tenth in range(12):
        watch.feed(10.6 + tenth / 10, 4000)
    assert not watch.over(12.0)
    assert watch.over(14.0)
    assert watch.fact(20.0) == Reply(11.7 + RULE.gap_s, ECHO, 10.6, 11.7, 48_000)


def test_no_reply_is_no_fact() -> None:
    """Where nothing worth the name comes back there is no reply."""
    watch = ReplyWatch(RULE, ECHO, 10.0)
    watch.feed(10.2, 100)
    assert watch.fact(30.0) is None
    assert watch.over(10.3 + RULE.within_s)


def test_what_comes_before_the_end_is_no_reply() -> None:
    """Acknowledgements while the upload runs do not begin a reply."""
    watch = ReplyWatch(RULE, ECHO, 10.0)
    watch.feed(9.5, 5000)
    assert watch.fact(30.0) is None


def test_music_is_no_endless_reply() -> None:
    """What goes on longer than any answer ends at the limit."""
    watch = ReplyWatch(RULE, ECHO, 0.0)
    for tenth in range(6000):
        watch.feed(1 + tenth / 10, 4000)
    fact = watch.fact(700.0)
    assert fact is not None
    assert fact.ended_at <= RULE.longest_s
