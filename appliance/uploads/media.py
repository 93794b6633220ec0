# SPDX-License-Identifier: GPL-2.0-or-later
"""The media detector: datagrams both ways at a steady rate are a call.

Calls of smart speakers use STUN on 3478 and SRTP on 49152-65535 (Alexa Smart Properties, network requirements; codecs
Opus, G.711, G.722).
"""

from appliance.rules import MediaRule
from appliance.uploads.bins import Bins
from appliance.uploads.hit import Hit


class Media:
    """Looks whether both directions of one UDP flow fill enough of the last seconds."""

    def __init__(self, rule: MediaRule) -> None:
        self._rule = rule
        self._up = Bins(rule.bin_s, rule.bins)
        self._down = Bins(rule.bin_s, rule.bins)

    def feed(self, time: float, length: int) -> Hit | None:
        """Take one upstream datagram of ``length`` bytes."""
        rule = self._rule
        if not rule.min_length <= length <= rule.max_length:
            return None
        number = self._up.add(time, length)
        if len(self._up) < rule.bins_needed or self._down.filled(number - rule.bins) < rule.bins_needed:
            return None
        up, down, seconds = self._up.total, self._down.total, rule.bins * rule.bin_s
        if max(up, down) > rule.max_asymmetry * min(up, down):
            return None
        return Hit("media", self._up.since) if rule.min_rate <= up / seconds <= rule.max_rate else None

    def down(self, time: float, size: int) -> None:
        """Take downstream bytes of the flow in the bin that ended at ``time``."""
        self._down.add(time - self._rule.bin_s / 2, size)
