# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts of devices that nobody knows, so many in a while: a flood makes up thousands of devices a second. Pure."""

from collections.abc import Collection, Iterable, Iterator

from appliance.events import Device, Name, Traffic
from appliance.ledger import Fact
from appliance.limits import FLUSH_S, STRANGER_FACTS


class Strangers:
    """Lets pass all facts but what is too many of strangers: descriptions, traffic and names."""

    def __init__(self) -> None:
        self.refused = 0  #: facts that did not pass
        self._since = float("-inf")
        self._passed = 0

    def pass_on(self, facts: Iterable[Fact], known: Collection[str], now: float) -> Iterator[Fact]:
        """Yield what passes at ``now``; ``known`` are the devices that the registry has."""
        if not 0 <= now - self._since < FLUSH_S:
            self._since, self._passed = now, 0
        for fact in facts:
            if not isinstance(fact, Device | Name | Traffic) or fact.device in known:
                yield fact
            elif self._passed < STRANGER_FACTS:
                self._passed += 1
                yield fact
            else:
                self.refused += 1
