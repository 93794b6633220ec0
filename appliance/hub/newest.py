# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks whoever makes releases whether there is a newer one, if the household wants that.

It is off, and no address is shipped. What is asked says nothing of who asks, but where any request comes from.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from urllib3.util import SKIP_HEADER

from appliance import __version__
from appliance.household import Household
from appliance.notify.channels.post import Unreachable, request
from appliance.release import is_newer, is_version

_SILENT = {"User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER}


class Newest:
    """The job; belongs to no thread."""

    def __init__(self, addresses: Mapping[str, str], household: Household, tell: Callable[[str], int]) -> None:
        """Take where to ask, by who makes the releases, and what tells people of a newer one."""
        self._addresses = addresses
        self._household = household
        self._tell = tell

    def ask(self) -> str:
        """Ask each, and tell of a newer version; say what came of it. That nobody answers is no failure of ours."""
        if not self._household.choices.updates.ask:
            return "not wanted, on the page Update"
        if not self._addresses:
            return "no rule of those who make releases has an address to ask"
        said = [self._one(who, address) for who, address in self._addresses.items()]
        return "; ".join(said)

    def _one(self, who: str, address: str) -> str:
        try:
            version = _version(request("GET", address, b"", _SILENT).body)
        except Unreachable as error:
            return f"{who}: {error}"
        if version is None:
            return f"{who} answered something else than a version"
        if not is_newer(version, __version__):
            return f"{who}: {version} is the newest, and this is {__version__}"
        return f"{who}: {version} is there, and this is {__version__}; {self._tell(version)} channels are told"


def _version(answer: bytes) -> str | None:
    """Return the version in an answer, ``{"version": "0.3.0"}``; None if it is anything else."""
    try:
        said: Any = json.loads(answer)
        version = said["version"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return version if isinstance(version, str) and is_version(version) else None
