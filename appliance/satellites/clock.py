# SPDX-License-Identifier: GPL-2.0-or-later
"""Our time and the hub's: compared by round trips, each of which bounds how far the clocks are apart. Pure."""

from bisect import bisect_left
from typing import NamedTuple

from appliance.limits import CLOCK_POINT_S, CLOCK_POINTS, CLOCK_RATE, CLOCK_RATE_S, CLOCK_TRIP_S


class Exchange(NamedTuple):
    """A question and its answer, in seconds of two clocks that nobody sets."""

    asked: float  #: by our clock
    received: float  #: by the hub's
    answered: float  #: by the hub's
    heard: float  #: by ours

    @property
    def trip(self) -> float:
        """How long both were on their way."""
        return (self.heard - self.asked) - (self.answered - self.received)


class _Point(NamedTuple):
    ours: float
    apart: float  # what is to be added to have the hub's time
    doubt: float  # by how much that may be wrong either way


class HubClock:
    """Leads from our time to the hub's.

    Of each minute the exchange with the shortest trip counts, since it bounds the difference best. Between two such
    points the difference is taken to change evenly, however long nobody answered; beyond them it goes on as it
    changed, where that is known well enough.
    """

    def __init__(self) -> None:
        self._points: list[_Point] = []
        self._since = float("-inf")  # when the newest point's minute began

    @property
    def known(self) -> bool:
        """Whether there was any exchange."""
        return bool(self._points)

    def feed(self, exchange: Exchange) -> None:
        """Take an exchange; one that took too long, or cannot have been, tells nothing."""
        if not 0 <= exchange.trip <= CLOCK_TRIP_S or exchange.answered < exchange.received:
            return
        ours = (exchange.asked + exchange.heard) / 2
        point = _Point(ours, (exchange.received + exchange.answered) / 2 - ours, exchange.trip / 2)
        if self._points and ours <= self._points[-1].ours:
            return
        if ours - self._since >= CLOCK_POINT_S:
            self._since = ours
            self._points.append(point)
            del self._points[:-CLOCK_POINTS]
        elif point.doubt <= self._points[-1].doubt:
            self._points[-1] = point

    def hubs(self, ours: float) -> float:
        """Return the hub's time at ours. Needs an exchange first."""
        return ours + self._apart(ours)

    def _apart(self, ours: float) -> float:
        points = self._points
        after = bisect_left(points, ours, key=lambda point: point.ours)
        if after == 0:
            return points[0].apart + (ours - points[0].ours) * self._rate(points)
        last = points[after - 1]
        if after == len(points):
            return last.apart + (ours - last.ours) * self._rate(points[::-1])
        return last.apart + (ours - last.ours) * (points[after].apart - last.apart) / (points[after].ours - last.ours)

    @staticmethod
    def _rate(points: list[_Point]) -> float:
        """Return by how much the difference changes in a second near the first point; 0 if that is not known well."""
        end = points[0]
        far = next((each for each in points if abs(each.ours - end.ours) >= CLOCK_RATE_S), points[-1])
        span = far.ours - end.ours
        if abs(span) * CLOCK_RATE <= end.doubt + far.doubt:
            return 0.0
        return max(-CLOCK_RATE, min(CLOCK_RATE, (far.apart - end.apart) / span))
