# SPDX-License-Identifier: GPL-2.0-or-later
"""Whose releases of Earwitness are installed when somebody uploads one on a page."""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from appliance.rules.types import Rule


class ReleaseKeyRule(Rule):
    """One who makes releases; ``earwitness release key`` prints what stands under ``key``."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$", description="public, Ed25519: its 32 bytes in base64")]

    newest: Annotated[str, Field(pattern=r"^https://[!-~]{1,500}$")] | None = Field(
        default=None, description='where to ask for the newest version, if the household wants to: {"version": "0.3.0"}'
    )


def keys_of(rules: Iterable[ReleaseKeyRule]) -> Mapping[str, bytes]:
    """Return the public keys by the ids of their rules."""
    return {rule.id: b64decode(rule.key) for rule in rules}


def addresses_of(rules: Iterable[ReleaseKeyRule]) -> Mapping[str, str]:
    """Return where to ask for the newest version, by the ids of their rules."""
    return {rule.id: rule.newest for rule in rules if rule.newest}
