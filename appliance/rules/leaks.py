# SPDX-License-Identifier: GPL-2.0-or-later
"""What a device tells everybody of itself: identifiers in its DHCP, its mDNS and its requests in plain text."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from appliance.events import SightingKind
from appliance.rules.globs import glob_matches
from appliance.rules.types import Examples, Rule, Said, Several, Strict

#: Stands in a pattern for the device's own MAC address, however it is written.
OWN_MAC = "{mac}"


class Leaking(Strict):
    """An example: what a device shows."""

    device: str = Field(default="02:00:00:00:00:01", description="its MAC address")
    shows: dict[SightingKind, Annotated[tuple[str, ...], Several]]


class LeakRule(Rule):
    """One identifier, by any of the values that show it, with stars; ``{mac}`` stands for the device's own address."""

    says: Said = Field(description="what is told, by language")
    when: dict[SightingKind, Annotated[tuple[str, ...], Several]] = Field(min_length=1)
    examples: Examples[Leaking]


class Leaks:
    """All leak rules, by the kind of sighting that they look at."""

    def __init__(self, rules: Iterable[LeakRule]) -> None:
        self.rules = tuple(rules)
        self._by_kind: dict[SightingKind, list[tuple[str, LeakRule]]] = {}
        for rule in self.rules:
            for kind, patterns in rule.when.items():
                self._by_kind.setdefault(kind, []).extend((pattern.lower(), rule) for pattern in patterns)

    def look(self, device: str, kind: SightingKind, value: str) -> Iterator[LeakRule]:
        """Yield the rules for what ``device`` shows in ``value``."""
        patterns = self._by_kind.get(kind)
        if not patterns:
            return
        text = value.lower()
        texts = (text, _with_mac(text, device))
        for pattern, rule in patterns:
            if any(glob_matches(pattern, each) for each in texts):
                yield rule


def _with_mac(text: str, device: str) -> str:
    """Return the text without what parts the bytes of an address, and OWN_MAC where the device's stood."""
    return text.replace(":", "").replace("-", "").replace(device.lower().replace(":", ""), OWN_MAC)
