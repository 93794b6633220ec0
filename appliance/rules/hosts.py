# SPDX-License-Identifier: GPL-2.0-or-later
"""Remote names: whose they are and what for, found in time that does not grow with the number of rules."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pydantic import Field

from appliance.events import Role
from appliance.limits import HOSTS_REMEMBERED
from appliance.rules.globs import glob_matches
from appliance.rules.types import Examples, Rule, Words


class HostRule(Rule):
    """Names of one vendor and role. ``*.`` in front stands for any labels, a star within one for any characters."""

    vendor: str
    role: Role
    shared: bool = Field(default=False, description="others than this vendor's speakers use these names too")
    note: Words | None = None
    hosts: tuple[str, ...] = Field(min_length=1)
    examples: Examples[str]


class Hosts:
    """All host rules; the most specific pattern wins: the whole name, then the longest literal ending."""

    def __init__(self, rules: Iterable[HostRule]) -> None:
        self.rules = tuple(rules)
        self._exact: dict[str, HostRule] = {}
        self._globs: dict[str, list[tuple[str, HostRule]]] = {}
        for rule in self.rules:
            for pattern in map(clean, rule.hosts):
                self._add(pattern, rule)
        self.look = lru_cache(HOSTS_REMEMBERED)(self._look)

    def _add(self, pattern: str, rule: HostRule) -> None:
        if "*" not in pattern:
            self._exact[pattern] = rule
            return
        labels = pattern.split(".")
        last = max(place for place, label in enumerate(labels) if "*" in label)
        rivals = self._globs.setdefault(".".join(labels[last + 1 :]), [])
        rivals.append((pattern, rule))
        rivals.sort(key=lambda rival: (rival[0].startswith("*."), -len(rival[0])))

    def _look(self, host: str) -> HostRule | None:
        """Return the rule for ``host``, None if there is none."""
        name = clean(host)
        if name in self._exact:
            return self._exact[name]
        for ending in _endings(name):
            for pattern, rule in self._globs.get(ending, ()):
                if host_matches(pattern, name):
                    return rule
        return None


def clean(host: str) -> str:
    """Return ``host`` the way names are compared: in small letters, without the root's dot."""
    return host.lower().removesuffix(".")


def host_matches(pattern: str, name: str) -> bool:
    """Say whether the cleaned ``name`` matches ``pattern``: ``*.`` in front any labels, other stars within a label."""
    if pattern.startswith("*."):
        return name.endswith(pattern[1:]) if "*" not in pattern[1:] else _labels_match(pattern[2:], name, exact=False)
    return _labels_match(pattern, name, exact=True)


def _labels_match(pattern: str, name: str, *, exact: bool) -> bool:
    wanted, given = pattern.split("."), name.split(".")
    if len(given) < len(wanted) + (not exact) or (exact and len(given) != len(wanted)):
        return False
    return all(glob_matches(want, got) for want, got in zip(reversed(wanted), reversed(given), strict=False))


def _endings(name: str) -> Iterator[str]:
    """Yield what follows each dot of ``name``, the longest first, and at last nothing."""
    at = name.find(".")
    while at >= 0:
        yield name[at + 1 :]
        at = name.find(".", at + 1)
    yield ""
