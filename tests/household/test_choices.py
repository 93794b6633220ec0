# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from appliance.events import Tell
from appliance.household import Choices, Home, Loudness, Quiet

ECHO, NEST = "02:00:00:00:00:01", "02:00:00:00:00:02"


@pytest.mark.parametrize(
    ("begin", "end", "quiet", "loud"),
    [
        (time(22), time(7), [time(22), time(23, 59), time(0), time(6, 59)], [time(7), time(12), time(21, 59)]),
        (time(13), time(15), [time(13), time(14, 59)], [time(12, 59), time(15), time(0)]),
        (time(8), time(8), [time(8), time(7, 59)], []),
    ],
)
def test_quiet_hours_may_reach_over_midnight(begin: time, end: time, quiet: list[time], loud: list[time]) -> None:
    """They hold from the begin to the end, of the next day if that is earlier; equal ones hold all day."""
    hours = Quiet(on=True, begin=begin, end=end)
    assert all(hours.holds(now) for now in quiet)
    assert not any(hours.holds(now) for now in loud)


@given(st.times(), st.times(), st.times())
def test_quiet_hours_that_are_off_never_hold(begin: time, end: time, now: time) -> None:
    """Whoever switched them off hears everything."""
    assert not Quiet(begin=begin, end=end).holds(now)


def test_a_word_on_one_speaker_counts_more_than_one_on_all() -> None:
    """The rules tell how loudly, unless the household said otherwise, of all speakers or of this one."""
    chosen = Choices(
        loudness=(
            Loudness(verdict="false_wake", tell=Tell.NOBODY),
            Loudness(verdict="false_wake", device=ECHO, tell=Tell.ALERT),
        )
    )
    assert chosen.tell("false_wake", ECHO, Tell.NOTICE) is Tell.ALERT
    assert chosen.tell("false_wake", NEST, Tell.NOTICE) is Tell.NOBODY
    assert chosen.tell("unexplained_speech", ECHO, Tell.ALERT) is Tell.ALERT


def test_a_zone_is_one_of_the_tz_database() -> None:
    """A zone that nobody knows is refused with an example; none is the machine's."""
    assert Home(zone="").clock is None
    assert str(Home(zone="Europe/Berlin").clock) == "Europe/Berlin"
    for wrong in ("Europe/Atlantis", "../../etc/passwd", "/etc/localtime"):
        with pytest.raises(ValidationError, match="Europe/Berlin"):
            Home(zone=wrong)
