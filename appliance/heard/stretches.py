# SPDX-License-Identifier: GPL-2.0-or-later
"""What is still to be written of one ear's coverage: summed up, so that little is written. Pure."""

from appliance.ears.join import touch
from appliance.events import Coverage
from appliance.limits import FLUSH_S


class Stretches:
    """Joins coverage that touches; a stretch that a gap ended is due at once, the one that goes on when others are.

    None is longer than FLUSH_S: what is told late comes in pieces like that which is told in time.
    """

    def __init__(self, ear: str, since: float) -> None:
        self.since = since  #: of what is not written yet
        self.until = since  #: up to when the ear heard
        self._ear = ear
        self._ended: list[Coverage] = []

    @property
    def due(self) -> bool:
        """Whether a gap ended a stretch that is not written."""
        return bool(self._ended)

    def feed(self, coverage: Coverage) -> None:
        """Take the next stretch."""
        long = coverage.ended_at - self.since > FLUSH_S
        if long or not touch(Coverage(self.since, self.until, self._ear), coverage):
            self._end()
            self.since = coverage.time
        self.until = coverage.ended_at

    def take(self, until: float) -> list[Coverage]:
        """Return what was covered up to ``until`` and is not written yet; the caller writes it now."""
        ended = [each for each in self._ended if each.ended_at <= until]
        self._ended = self._ended[len(ended) :]
        if not self._ended and self.since < (end := min(until, self.until)):
            ended.append(Coverage(self.since, end, self._ear))
            self.since = end
        return ended

    def _end(self) -> None:
        if self.since < self.until:
            self._ended.append(Coverage(self.since, self.until, self._ear))
