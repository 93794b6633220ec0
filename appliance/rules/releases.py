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


def keys_of(rules: Iterable[ReleaseKeyRule]) -> Mapping[str, bytes]:
    """Return the public keys by the ids of their rules."""
    return {rule.id: b64decode(rule.key) for rule in rules}
