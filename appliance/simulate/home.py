# SPDX-License-Identifier: GPL-2.0-or-later
"""Who lives in the network: the router, and devices with their addresses."""

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address

from appliance.simulate.link import Link
from appliance.simulate.wire import End

ROUTER_MAC = bytes.fromhex("7c2f80105201")
ROUTER = "192.168.1.1"
PREFIX = "2001:db8:1:1:"  #: the home's IPv6 prefix, out of the block for documentation (RFC 3849)


@dataclass(slots=True)
class Machine:
    """One device of the home and its way into the network."""

    mac: str
    address: str  #: IPv4
    link: Link
    next_port: int

    def packed(self, *, v6: bool = False) -> bytes:
        """Return its IPv4 or IPv6 address as bytes."""
        mac = self.mac.replace(":", "")
        return ip_address(f"{PREFIX}{mac[:4]}:{mac[4:6]}ff:fe{mac[6:8]}:{mac[8:]}" if v6 else self.address).packed

    def end(self, port: int = 0, *, v6: bool = False) -> End:
        """Return its end of a new conversation, on ``port`` or the next free one."""
        if not port:
            self.next_port = 32768 + (self.next_port + 9) % 28000
        return End(bytes.fromhex(self.mac.replace(":", "")), self.packed(v6=v6), port or self.next_port)


def mac(oui: str, name: str) -> str:
    """Return a steady MAC address for a device of that name."""
    return oui + "".join(f":{byte:02x}" for byte in sha256(name.encode()).digest()[:3])


def beyond_router(address: bytes, port: int) -> End:
    """Return the far end of a conversation that leaves the home."""
    return End(ROUTER_MAC, address, port)
