# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses as people read them. The frames carry them as numbers."""

from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_ntop


@lru_cache(maxsize=8192)
def mac_text(mac: int) -> str:
    """Return a MAC address in lower case with colons."""
    return mac.to_bytes(6, "big").hex(":")


@lru_cache(maxsize=8192)
def ip_text(high: int, low: int) -> str:
    """Return an IP address; IPv4 is mapped as in RFC 4291 section 2.5.5.2."""
    if not high and low >> 32 == 0xFFFF:
        return inet_ntop(AF_INET, (low & 0xFFFFFFFF).to_bytes(4, "big"))
    return inet_ntop(AF_INET6, (high << 64 | low).to_bytes(16, "big"))
