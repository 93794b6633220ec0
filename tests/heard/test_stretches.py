# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Coverage
from appliance.heard.stretches import Stretches


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
