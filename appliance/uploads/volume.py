# SPDX-License-Identifier: GPL-2.0-or-later
"""The volume detector: much more up than down, in large datagrams, to a voice name over QUIC.

QUIC hides records and beats; what stays is that a command is 125-209 kB in 1.4-2.6 s, a rate that nothing else on these
flows has (BehavIoT, August 2021: 60 of 60 events of a Home Mini).
"""

from appliance.rules import VolumeRule
from appliance.uploads.bins import Bins
from appliance.uploads.hit import Hit


class Volume:
    """Compares both directions of one UDP flow over ``rule.window_s``."""

    def __init__(self, rule: VolumeRule) -> None:
        self._rule = rule
        width = round(rule.window_s / rule.bin_s)
        self._up = Bins(rule.bin_s, width)
        self._down = Bins(rule.bin_s, width)

    def feed(self, time: float, length: int) -> Hit | None:
        """Take one upstream datagram of ``length`` bytes of a flow that may be its vendor's voice flow."""
        if length < self._rule.ignore_below:
            return None
        number = self._up.add(time, length)
        up = self._up.total
        if up < self._rule.min_bytes or up < self._rule.min_mean_datagram * self._up.pieces:
            return None
        if up <= self._rule.up_down_ratio * self._down.between(number - self._up.width + 1, number):
            return None
        return Hit("volume", self._up.since)

    def down(self, time: float, size: int) -> None:
        """Take downstream bytes of the flow in the bin that ended at ``time``."""
        self._down.add(time - self._rule.bin_s / 2, size)

    def reset(self) -> None:
        """Forget the upstream: the flow fell silent."""
        self._up.clear()
