# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses as people read them. The frames carry them as numbers."""

from functools import lru_cache
from ipaddress import IPv6Address


@lru_cache(maxsize=8192)
def mac_text(mac: int) -> str:
    """Return a MAC address in lower case with colons."""
    return mac.to_bytes(6, "big").hex(":")


@lru_cache(maxsize=8192)
def ip_text(high: int, low: int) -> str:
    """Return an IP address; IPv4 is mapped as in RFC 4291 section 2.5.5.2."""
    address = IPv6Address(high << 64 | low)
    return str(address.ipv4_mapped or address)
