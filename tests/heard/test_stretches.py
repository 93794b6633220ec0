# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Coverage
from appliance.heard.stretches import Stretches
from appliance.limits import FLUSH_S


def test_what_touches_is_one_row() -> None:
    """Many seconds of coverage are written as one stretch, and each is written once."""
    stretches = Stretches("mic", 0.0)
    for second in range(100):
        stretches.feed(Coverage(10.0 + second, 11.0 + second, "mic"))
    assert not stretches.due
    assert stretches.take(60.0) == [Coverage(10.0, 60.0, "mic")]
    assert (stretches.since, stretches.until) == (60.0, 110.0)
    assert stretches.take(200.0) == [Coverage(60.0, 110.0, "mic")]
    assert stretches.take(200.0) == []


def test_a_gap_stays_a_gap() -> None:
    """What a gap ended is due at once, and is never joined with what comes after it."""
    stretches = Stretches("mic", 0.0)
    stretches.feed(Coverage(1.0, 2.0, "mic"))
    stretches.feed(Coverage(5.0, 6.0, "mic"))
    assert stretches.due
    assert stretches.take(1.5) == []
    assert stretches.take(6.0) == [Coverage(1.0, 2.0, "mic"), Coverage(5.0, 6.0, "mic")]
    assert not stretches.due


def test_no_row_is_longer_than_readers_expect() -> None:
    """An hour that is told at once is told in pieces, as it would have been in time."""
    stretches = Stretches("mic", 0.0)
    for second in range(3600):
        stretches.feed(Coverage(float(second), second + 1.0, "mic"))
    told = stretches.take(3600.0)
    assert max(each.ended_at - each.time for each in told) <= FLUSH_S
    assert [each.ended_at for each in told[:-1]] == [each.time for each in told[1:]]
    assert (told[0].time, told[-1].ended_at) == (0.0, 3600.0)
