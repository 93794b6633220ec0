# SPDX-License-Identifier: GPL-2.0-or-later
"""Through whom a browser lets itself be told something (Web Push): the relays of the browsers' makers.

A browser names its relay itself, and so could whoever pretends to be one: nothing is sent to a host that no rule names.
"""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from appliance.rules.globs import glob_matches
from appliance.rules.types import Examples, Rule, Several

#: A name with a dot, or all names below one.
_Host = Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]


class RelayRule(Rule):
    """One maker's relays."""

    hosts: Annotated[tuple[_Host, ...], Several] = Field(min_length=1, description="their names; *. for any below")
    examples: Examples[str] = Field(description="addresses that a browser may name")


class Relays:
    """All relays that are known."""

    def __init__(self, rules: Iterable[RelayRule]) -> None:
        self.rules = tuple(rules)

    def of(self, endpoint: str) -> RelayRule | None:
        """Return whose relay a browser's address belongs to; None if nothing may be sent there. Takes any text."""
        host = _host(endpoint)
        if host is None:
            return None
        return next((rule for rule in self.rules if any(glob_matches(each, host) for each in rule.hosts)), None)


def _host(endpoint: str) -> str | None:
    """Return the host of a plain ``https://host/…``; None if the address is anything else."""
    try:
        place = urlsplit(endpoint)
        plain = place.scheme == "https" and place.port in {None, 443} and "@" not in place.netloc
    except ValueError:
        return None
    return place.hostname if plain and endpoint.isascii() and endpoint.isprintable() else None
