# SPDX-License-Identifier: GPL-2.0-or-later
"""Two clocks whose difference is known to the test, and networks that are slow in one direction."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.limits import CLOCK_POINT_S, CLOCK_POINTS, CLOCK_TRIP_S
from appliance.satellites.clock import Exchange, HubClock

HOUR = 3600.0


class Clocks:
    """The hub's clock beside ours: ``apart`` s ahead at our time 0, and faster by ``rate``."""

    def __init__(self, apart: float = 0.0, rate: float = 0.0) -> None:
        self.apart = apart
        self.rate = rate

    def hubs(self, ours: float) -> float:
        """Return the hub's time."""
        return ours * (1 + self.rate) + self.apart

    def exchange(self, ours: float, there: float, back: float, thinks: float = 0.01) -> Exchange:
        """Ask at our time ``ours``; the ways take ``there`` and ``back``."""
        answered = ours + there + thinks
        return Exchange(ours, self.hubs(ours + there), self.hubs(answered), answered + back)


def compared(clocks: Clocks, since: float, until: float, rng: Random, clock: HubClock | None = None) -> HubClock:
    """Compare clocks each second, over a network whose ways take 1 to 80 ms."""
    clock = clock or HubClock()
    for second in range(int(since), int(until)):
        clock.feed(clocks.exchange(float(second), rng.uniform(0.001, 0.08), rng.uniform(0.001, 0.08)))
    return clock


rates = st.floats(-200e-6, 200e-6)


@given(st.floats(-1e9, 1e9), rates, st.randoms(use_true_random=False))
def test_clocks_that_are_hours_apart(apart: float, rate: float, rng: Random) -> None:
    """However far they are apart and drift, within the minutes that were compared the error is some milliseconds."""
    clocks = Clocks(apart, rate)
    clock = compared(clocks, 0, 300, rng)
    assert max(abs(clock.hubs(at) - clocks.hubs(at)) for at in (1.0, 100.0, 250.0, 299.0, 301.0)) < 0.045


@given(rates, st.integers(0, 50))
def test_an_outage_of_an_hour(rate: float, seed: int) -> None:
    """What was heard in the middle of an outage has its time within a tenth of a second, as what is heard now has."""
    clocks, rng = Clocks(7 * HOUR, rate), Random(seed)
    clock = compared(clocks, 0, 600, rng)
    compared(clocks, int(600 + HOUR), int(605 + HOUR), rng, clock)
    for at in (601.0, 600 + HOUR / 2, 604 + HOUR):
        assert clock.hubs(at) == pytest.approx(clocks.hubs(at), abs=0.1)


@given(st.integers(0, 50))
def test_the_rate_is_learnt(seed: int) -> None:
    """After half an hour a crystal that is 100 millionths off is followed beyond the last answer."""
    clocks = Clocks(rate=100e-6)
    clock = compared(clocks, 0, HOUR / 2, Random(seed))
    assert clock.hubs(HOUR) == pytest.approx(clocks.hubs(HOUR), abs=0.09)  # without: 0.18


def test_a_rate_that_is_not_known_is_none() -> None:
    """Two answers a second apart say nothing of how fast clocks go apart; an hour back would be seconds off."""
    clocks, clock = Clocks(), HubClock()
    clock.feed(clocks.exchange(HOUR, 0.001, 0.2))
    clock.feed(clocks.exchange(HOUR + CLOCK_POINT_S, 0.2, 0.001))
    assert abs(clock.hubs(0.0)) < 0.11


def test_the_shortest_trip_counts() -> None:
    """One answer that came at once is worth more than all slow ones before and after it."""
    clocks, clock = Clocks(5.0), HubClock()
    for second in range(50):
        clock.feed(clocks.exchange(float(second), 0.8 if second != 25 else 0.002, 0.002))
    assert clock.hubs(25.0) == pytest.approx(30.0, abs=0.001)


@pytest.mark.parametrize(
    "exchange",
    [
        Exchange(0.0, 100.0, 100.0, CLOCK_TRIP_S + 0.1),
        Exchange(0.0, 100.0, 100.5, 0.1),
        Exchange(0.0, 100.5, 100.0, 0.1),
        Exchange(0.0, float("nan"), 100.0, 0.1),
    ],
    ids=["slow", "before it was asked", "backwards", "no number"],
)
def test_what_tells_nothing_is_passed_over(exchange: Exchange) -> None:
    """Answers that took too long, or that cannot be, are no comparison."""
    clock = HubClock()
    clock.feed(exchange)
    assert not clock.known


def test_it_does_not_grow() -> None:
    """A satellite that is never switched off remembers two hours of comparisons."""
    clock = compared(Clocks(), 0, 3 * HOUR, Random(0))
    assert len(clock._points) == CLOCK_POINTS
