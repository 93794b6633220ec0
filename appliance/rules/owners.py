# SPDX-License-Identifier: GPL-2.0-or-later
"""Address ranges: whose they are. Coarse evidence, since clouds serve others too; only for flows without a name."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from pydantic import Field

from appliance.limits import ADDRESSES_REMEMBERED
from appliance.rules.types import Examples, Rule

Network = IPv4Network | IPv6Network


class OwnerRule(Rule):
    """Address prefixes of one vendor."""

    vendor: str
    prefixes: tuple[Network, ...] = Field(min_length=1)
    examples: Examples[str]


class Owners:
    """All owner rules; the longest prefix wins."""

    def __init__(self, rules: Iterable[OwnerRule]) -> None:
        self.rules = tuple(rules)
        #: (IP version, prefix length) -> prefix as a number -> vendor; a handful of lengths, so a handful of look-ups
        self._tables: dict[tuple[int, int], dict[int, str]] = {}
        for rule in self.rules:
            for network in rule.prefixes:
                table = self._tables.setdefault((network.version, network.prefixlen), {})
                table[_prefix(int(network.network_address), network.max_prefixlen, network.prefixlen)] = rule.vendor
        self._lengths = sorted(self._tables, reverse=True)
        self.look = lru_cache(ADDRESSES_REMEMBERED)(self._look)

    def _look(self, address: str) -> str | None:
        """Return the vendor that owns ``address``, None if no rule says or it is no address."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return None
        for version, length in self._lengths:
            if version == parsed.version:
                vendor = self._tables[version, length].get(_prefix(int(parsed), parsed.max_prefixlen, length))
                if vendor is not None:
                    return vendor
        return None


def _prefix(number: int, bits: int, length: int) -> int:
    return number >> (bits - length)
