# SPDX-License-Identifier: GPL-2.0-or-later
"""Which addresses this machine has, as the kernel tells everybody in /proc."""

from ipaddress import IPv6Address
from itertools import pairwise
from pathlib import Path

_PROC = Path("/proc/net")


def own_addresses(proc: Path = _PROC) -> list[str]:
    """Return the addresses of all interfaces; those that cannot be read are left out."""
    return sorted({*_ipv4(_text(proc / "fib_trie")), *_ipv6(_text(proc / "if_inet6"))})


def _ipv4(trie: str) -> list[str]:
    """Return those that the routing table delivers here: each stands a line above ``/32 host LOCAL``."""
    lines = trie.splitlines()
    return [above.split()[-1] for above, here in pairwise(lines) if "/32 host LOCAL" in here and above.split()]


def _ipv6(table: str) -> list[str]:
    rows = (line.split() for line in table.splitlines())
    return [str(IPv6Address(bytes.fromhex(row[0]))) for row in rows if row and len(row[0]) == 32]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:  # a kernel without IPv6 has no table of it
        return ""
