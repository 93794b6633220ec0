# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames in which devices show what they are, turned into sightings. Off the fast path: about a millisecond each."""

from collections import OrderedDict

from appliance.events import Glimpse, Sighting, SightingKind
from appliance.limits import DHCP_REMEMBERED, PROXIES_REMEMBERED, SIGHTINGS_PER_FRAME
from appliance.sightings.text import clean_text

_COOKIE = b"\x63\x82\x53\x63"  # before the options of DHCP (RFC 2131 section 3)
_HARDWARE = 208  # bytes before it at which the client's hardware address begins; before that all changes each time

Things = tuple[tuple[SightingKind, str], ...]


class Sightings:
    """Takes glimpses, gives sightings; remembers who speaks for others by mDNS, and what was said by DHCP."""

    def __init__(self) -> None:
        self._dhcp: OrderedDict[tuple[str, int, bytes], Things] = OrderedDict()
        self._proxies: OrderedDict[str, None] = OrderedDict()
        self.unreadable = 0  #: frames that were not what they promised to be

    def feed(self, glimpse: Glimpse) -> list[Sighting]:
        """Return what ``glimpse`` shows, each thing once, cleaned; nothing if it cannot be read."""
        at = glimpse.frame.find(_COOKIE) - _HARDWARE
        if at < 0:
            things = self._dissect(glimpse)
        else:
            said = (glimpse.device, glimpse.link, glimpse.frame[at:])
            things = self._dhcp.get(said) or self._dissect(glimpse)
            self._dhcp[said] = things
            if len(self._dhcp) > DHCP_REMEMBERED:
                self._dhcp.popitem(last=False)
        return [Sighting(glimpse.time, glimpse.device, *thing) for thing in things]

    def _dissect(self, glimpse: Glimpse) -> Things:
        """Return what a frame shows, each thing once, cleaned."""
        from appliance.sightings import dissect  # noqa: PLC0415 - scapy, only where there is something for it

        try:
            shown = dissect.announcement(glimpse, proof=glimpse.device in self._proxies)
        except Exception:  # noqa: BLE001 - on hostile bytes scapy's fields raise whatever they like
            self.unreadable += 1
            return ()
        if shown.for_others:
            self._remember(glimpse.device)
        things = dict.fromkeys((kind, clean_text(raw)) for kind, raw in shown.sightings[: 4 * SIGHTINGS_PER_FRAME])
        return tuple(thing for thing in list(things)[:SIGHTINGS_PER_FRAME] if thing[1])

    def _remember(self, proxy: str) -> None:
        self._proxies[proxy] = None
        self._proxies.move_to_end(proxy)
        if len(self._proxies) > PROXIES_REMEMBERED:
            self._proxies.popitem(last=False)
