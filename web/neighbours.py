# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may talk to the web at all: the machines of the home. Whoever comes from the internet is let go unheard.

The hub may reach the internet, since alerts go there; what comes from there finds nothing, whatever a router lets in.
"""

from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address

from web.hosts import at_home


class Neighbours:
    """Knows the home's networks by the addresses that this machine has in them."""

    def __init__(self, own_addresses: Callable[[], list[str]]) -> None:
        self._own = own_addresses
        self._networks: frozenset[IPv6Network] = frozenset()

    def include(self, peer: str) -> bool:
        """Say whether whoever has this address is of the home: it is private, or in a network of this machine's own."""
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        if at_home(address):
            return True
        return isinstance(address, IPv6Address) and self._is_ours(_network(address))

    def _is_ours(self, network: IPv6Network) -> bool:
        """Say whether this machine is in a network too; providers give homes another one now and then."""
        if network not in self._networks:
            own = (ip_address(each) for each in self._own())
            public = (each for each in own if isinstance(each, IPv6Address) and not at_home(each))
            self._networks = frozenset(map(_network, public))
        return network in self._networks


def _network(address: IPv6Address) -> IPv6Network:
    """Return the network of a home in which an address is; a home has 64 bits for its machines (RFC 4291)."""
    return IPv6Network((address, 64), strict=False)
