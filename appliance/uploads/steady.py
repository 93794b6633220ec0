# SPDX-License-Identifier: GPL-2.0-or-later
"""The steady detector: something in every tenth of a second, at a rate that speech has.

Needs no codec's signature, so it finds variable bit rates and speakers that nobody has seen before. Rule and figures
measured on the same captures as the cadence: 10 of 10 bins with 3,000 B found 973 of 981 with none false in 9.9 hours;
8 of 10 is safe on flows known as voice and survives Wi-Fi stalls.
"""

from math import inf
from statistics import median

from appliance.rules import SteadyRule
from appliance.uploads.bins import Bins
from appliance.uploads.hit import Hit


class Steady:
    """Looks at the last ``rule.bins`` bins of one flow."""

    def __init__(self, rule: SteadyRule) -> None:
        self._rule = rule
        self._bins = Bins(rule.bin_s, rule.bins)
        self._down = Bins(rule.bin_s, rule.bins)

    def feed(self, time: float, length: int, *, known: bool, owned: bool = False) -> Hit | None:
        """Take one upstream piece of ``length`` bytes.

        ``known`` says that the flow is known as a voice flow, ``owned`` that it goes from a speaker to its vendor.
        """
        self._bins.add(time, length)
        needed = self._rule.bins_needed_known if known else self._rule.bins_needed
        most = self._rule.max_rate_known if known or owned else self._rule.max_rate
        if len(self._bins) < needed:
            return None
        if not self._rule.min_bytes <= self._bins.total <= self._rule.max_bytes:
            return None
        if median(self._bins.sizes) > most * self._rule.bin_s:
            return None
        return Hit("steady", self._bins.since)

    def down(self, time: float, size: int) -> None:
        """Take downstream bytes of the flow in the bin that ended at ``time``."""
        self._down.add(time - self._rule.bin_s / 2, size)

    def one_way(self, ratio: float) -> bool:
        """Whether more than ``ratio`` times as much goes up as comes down."""
        first = self._bins.last - self._rule.bins + 1
        return self._bins.total > ratio * self._down.between(first, inf)

    @property
    def total(self) -> int:
        """Bytes in the window."""
        return self._bins.total

    def calm(self) -> bool:
        """Whether the window holds no more than a pre-roll and a second of any codec: else it is a transfer."""
        return self._bins.total <= self._rule.max_bytes

    def slow(self, started_at: float) -> bool:
        """Whether the window lies after the first second of the burst and is as slow as compressed speech.

        An account's sync at boot keeps a beat too, but of 1.5-4 kB every 60 ms; speech is below 12 kB/s once its
        pre-roll is out.
        """
        after_dump = self._bins.since >= started_at + self._rule.hold_off_after_s
        return after_dump and self._bins.total <= self._rule.hold_off_rate

    def small(self) -> bool:
        """Whether the pieces of the window are of a codec's size rather than a sync's."""
        return self._bins.total <= self._rule.hold_off_length * self._bins.pieces

    def reset(self) -> None:
        """Forget all bins: the flow fell silent."""
        self._bins.clear()
