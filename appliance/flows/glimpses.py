# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames in which a device shows what it is, held to a rate that dissection can bear."""

from collections import OrderedDict

from appliance import limits

_DHCP_OPTIONS = 236  # where they begin (RFC 2131 section 2)


class Glimpses:
    """Decides which of them are worth a look: new ones, and not too many of one device."""

    def __init__(self) -> None:
        self.too_many = 0  #: new ones turned away because a device sent too many in a minute
        self._seen: OrderedDict[int, float] = OrderedDict()
        self._rates: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def admits(self, time: float, device: str, payload: bytes, *, dhcp: bool = False) -> bool:
        """Say whether this payload of ``device`` shall be dissected.

        DHCP is the same again if its options are: the rest is a new number each time. It tells of a boot, too, so that
        it is no news for a minute only.
        """
        what = hash((device, payload[_DHCP_OPTIONS:] if dhcp else payload))
        last = self._seen.get(what)
        if last is not None and 0 <= time - last < (limits.DHCP_AGAIN if dhcp else limits.GLIMPSE_AGAIN):
            return False
        if not self._within_rate(int(time // 60), device):
            self.too_many += 1
            return False
        self._seen[what] = time
        self._seen.move_to_end(what)
        if len(self._seen) > limits.GLIMPSES:
            self._seen.popitem(last=False)
        return True

    def _within_rate(self, minute: int, device: str) -> bool:
        before, count = self._rates.get(device, (minute, 0))
        count = count + 1 if before == minute else 1
        self._rates[device] = (minute, count)
        self._rates.move_to_end(device)
        if len(self._rates) > limits.DEVICES:
            self._rates.popitem(last=False)
        return count <= limits.GLIMPSES_PER_MINUTE
