# SPDX-License-Identifier: GPL-2.0-or-later
"""What an interface is like at this moment (netdevice(7), linux/ethtool.h); to ask needs no right, but some socket."""

import ctypes
import errno
import fcntl
from dataclasses import dataclass
from ipaddress import IPv4Interface
from struct import pack, unpack_from

_FLAGS, _MTU, _INDEX, _ETHTOOL = 0x8913, 0x8921, 0x8933, 0x8946  # SIOCGIFFLAGS, SIOCGIFMTU, SIOCGIFINDEX, SIOCETHTOOL
_ADDRESS, _MASK, _HARDWARE = 0x8915, 0x891B, 0x8927  # SIOCGIFADDR, SIOCGIFNETMASK, SIOCGIFHWADDR
_UP, _RUNNING = 0x1, 0x40
_GET_GRO = 0x2B  # ETHTOOL_GGRO
_NAME_BYTES, _REQUEST_BYTES = 16, 40  # struct ifreq


@dataclass(frozen=True, slots=True)
class State:
    """What an interface is like; all 0 and False while there is none of its name."""

    index: int = 0  #: the kernel's number; another interface that came in its place has another
    up: bool = False
    carrier: bool = False  #: a cable is in, or the radio is connected
    mtu: int = 0  #: bytes
    merges: bool = False  #: offload (GRO) makes one frame of several before they come to the ring


def state_of(descriptor: int, interface: str) -> State:
    """Ask through a socket, in whose network namespace the interface is."""
    try:
        (index,) = unpack_from("i", _ask(descriptor, interface, _INDEX))
        (flags,) = unpack_from("H", _ask(descriptor, interface, _FLAGS))
        (mtu,) = unpack_from("i", _ask(descriptor, interface, _MTU))
    except OSError:
        return State()
    return State(index, bool(flags & _UP), bool(flags & _RUNNING), mtu, _merges(descriptor, interface))


def address_of(descriptor: int, interface: str) -> tuple[str, IPv4Interface] | None:
    """Return an interface's MAC address and its IPv4 address with the network; None if it has none of its own."""
    try:
        address, mask = (_ask(descriptor, interface, each)[4:8] for each in (_ADDRESS, _MASK))
        hardware = _ask(descriptor, interface, _HARDWARE)[2:8]
    except OSError:
        return None
    return hardware.hex(":"), IPv4Interface((address, int.from_bytes(mask).bit_count()))


def _merges(descriptor: int, interface: str) -> bool:
    """Ask the driver; one that knows nothing of offload has none."""
    answer = ctypes.create_string_buffer(pack("II", _GET_GRO, 0), 8)
    try:
        _ask(descriptor, interface, _ETHTOOL, pack("P", ctypes.addressof(answer)))
    except OSError:
        return False
    return bool(unpack_from("I", answer, 4)[0])


def _ask(descriptor: int, interface: str, request: int, argument: bytes = b"") -> bytes:
    """Return what ``struct ifreq`` has behind the name."""
    name = interface.encode()
    if len(name) >= _NAME_BYTES:
        raise OSError(errno.ENODEV, "no interface has so long a name")
    asked = (name.ljust(_NAME_BYTES, b"\0") + argument).ljust(_REQUEST_BYTES, b"\0")
    return fcntl.ioctl(descriptor, request, asked)[_NAME_BYTES:]
