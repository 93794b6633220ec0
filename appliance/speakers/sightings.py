# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames in which devices show what they are, turned into sightings. Off the fast path: about a millisecond each."""

from collections import OrderedDict

from appliance.events import Glimpse, Sighting
from appliance.limits import PROXIES_REMEMBERED, SIGHTINGS_PER_FRAME
from appliance.speakers.text import clean_text


class Sightings:
    """Takes glimpses, gives sightings; remembers only who speaks for others by mDNS."""

    def __init__(self) -> None:
        self._proxies: OrderedDict[str, None] = OrderedDict()
        self.unreadable = 0  #: frames that were not what they promised to be

    def feed(self, glimpse: Glimpse) -> list[Sighting]:
        """Return what ``glimpse`` shows, each thing once, cleaned; nothing if it cannot be read."""
        from appliance.speakers import dissect  # noqa: PLC0415 - scapy, only where there is something for it

        try:
            shown = dissect.announcement(glimpse, proof=glimpse.device in self._proxies)
        except Exception:  # noqa: BLE001 - on hostile bytes scapy's fields raise whatever they like
            self.unreadable += 1
            return []
        if shown.for_others:
            self._remember(glimpse.device)
        things = dict.fromkeys((kind, clean_text(raw)) for kind, raw in shown.sightings[: 4 * SIGHTINGS_PER_FRAME])
        return [
            Sighting(glimpse.time, glimpse.device, *thing) for thing in list(things)[:SIGHTINGS_PER_FRAME] if thing[1]
        ]

    def _remember(self, proxy: str) -> None:
        self._proxies[proxy] = None
        self._proxies.move_to_end(proxy)
        if len(self._proxies) > PROXIES_REMEMBERED:
            self._proxies.popitem(last=False)
