# SPDX-License-Identifier: GPL-2.0-or-later
"""The flush detector: a dump of what was said before the connection was ready, then the first beats of the rest.

Only for flows known as voice: there a false wake that the cloud rejects is the pre-roll and one or two seconds more,
too short for the steady detector. The "playback finished" reports of 9-24 kB on the same flow are a dump with nothing
after it.
"""

from math import inf

from appliance.rules import FlushRule
from appliance.uploads.bins import Bins
from appliance.uploads.hit import Hit


class Flush:
    """A dump of ``rule.min_bytes`` within ``rule.within_s``, then ``rule.beat_s`` in which each bin holds a little."""

    def __init__(self, rule: FlushRule) -> None:
        self._rule = rule
        self._beats = round(rule.beat_s / rule.bin_s)
        self._bins = Bins(rule.bin_s, self._beats + round(rule.within_s / rule.bin_s))

    def feed(self, time: float, length: int) -> Hit | None:
        """Take one upstream piece of a flow that is known as a voice flow."""
        number = self._bins.add(time, length)
        if len(self._bins) < self._beats or self._bins.total < self._rule.min_bytes:
            return None
        if self._bins.filled(number - self._beats + 1, self._rule.max_rate * self._rule.bin_s) < self._beats:
            return None
        dump = self._bins.between(-inf, number - self._beats)
        return Hit("flush", self._bins.since) if dump >= self._rule.min_bytes else None

    def reset(self) -> None:
        """Forget everything: the flow fell silent."""
        self._bins.clear()
