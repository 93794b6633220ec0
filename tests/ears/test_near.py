# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.ears.near import NearMisses
from appliance.events import Wake
from appliance.limits import NEAR_MISS_S, NEAR_MISSES


def near(time: float) -> Wake:
    return Wake(time, "ear", "echo", 0.3, near_miss=True)


def test_a_near_miss_is_taken_once() -> None:
    """What lies near an upload is handed over to be written, and not again for the next upload."""
    kept = NearMisses()
    for time in (1.0, 5.0, 9.0):
        kept.keep(near(time))
    assert kept.take(4.0, 6.0) == [near(5.0)]
    assert kept.take(0.0, 10.0) == [near(1.0), near(9.0)]
    assert kept.take(0.0, 10.0) == []


def test_the_newest_are_told_first() -> None:
    """Who tries an ear out sees the last of them; they stay, since an upload may still fall near them."""
    kept = NearMisses()
    for time in (1.0, 9.0, 5.0):
        kept.keep(near(time))
    assert kept.last(2) == [near(9.0), near(5.0)]
    assert kept.take(0.0, 10.0) == [near(1.0), near(9.0), near(5.0)]


def test_after_a_minute_it_is_forgotten() -> None:
    """A near miss that no upload fell near to leaves no trace."""
    kept = NearMisses()
    kept.keep(near(0.0))
    kept.keep(near(NEAR_MISS_S + 1))
    assert kept.take(0.0, 1e9) == [near(NEAR_MISS_S + 1)]
    assert kept.forgotten == 0


def test_a_flood_is_bounded_and_counted() -> None:
    """The oldest goes first, and that is counted."""
    kept = NearMisses()
    for at in range(NEAR_MISSES + 5):
        kept.keep(near(at / 1000))
    assert kept.forgotten == 5
    assert len(kept.take(0.0, 1e9)) == NEAR_MISSES
