# SPDX-License-Identifier: GPL-2.0-or-later
"""Which host an address stands for, per device, as DNS answered that device; and who asked for what."""

from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address

from appliance import limits
from appliance.events import Asked, Name
from appliance.flows import dns
from appliance.flows.addresses import ip_text

_MAPPED = b"\x00" * 10 + b"\xff\xff"


def number(address: bytes) -> int:
    """Return an address of 4 or 16 bytes as one number, IPv4 mapped as in RFC 4291 section 2.5.5.2."""
    return int.from_bytes(_MAPPED + address if len(address) == 4 else address, "big")


class Names:
    """Remembers DNS answers per device and address; bounded in devices, addresses and age."""

    def __init__(self) -> None:
        self.version = 0  #: grows with every new name, so that flows know when to look again
        self.evicted = 0  #: addresses forgotten for lack of room
        self._total = 0
        self._devices: OrderedDict[str, OrderedDict[int, tuple[str, float]]] = OrderedDict()
        self._asked: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._fresh: OrderedDict[tuple[str, int], tuple[str, float]] = OrderedDict()

    def remember(self, names: Iterable[Name]) -> None:
        """Take names that were learnt before, oldest first; what is no address is passed over."""
        for name in names:
            with suppress(ValueError):
                self._learn(name.time, name.device, number(ip_address(name.address).packed), name.host)
        self._fresh.clear()

    def fresh(self) -> list[Name]:
        """Return the names learnt since the last call, each once."""
        names = [
            Name(time, device, ip_text(address >> 64, address & 0xFFFF_FFFF_FFFF_FFFF), host)
            for (device, address), (host, time) in self._fresh.items()
        ]
        self._fresh.clear()
        return names

    def learn(self, time: float, device: str, message: dns.Message) -> None:
        """Take what DNS answered to ``device``."""
        for address in message.addresses:
            self._learn(time, device, number(address), message.asked[0])

    def asked(self, time: float, device: str, message: dns.Message) -> list[Asked]:
        """Return the hosts of a message that ``device`` did not ask for lately."""
        return [Asked(time, device, host) for host in message.asked if host and self._is_news(time, device, host)]

    def look(self, time: float, device: str, address: int) -> str | None:
        """Return the host that ``address`` was given out for to ``device``, unless that was too long ago."""
        known = self._devices.get(device)
        found = known.get(address) if known else None
        return found[0] if found and time - found[1] <= limits.NAME_AGE else None

    def _learn(self, time: float, device: str, address: int, host: str) -> None:
        known = self._devices.setdefault(device, OrderedDict())
        self._devices.move_to_end(device)
        if known.get(address, ("", 0.0))[0] != host:
            self.version += 1
            self._fresh[device, address] = (host, time)
            if len(self._fresh) > limits.FRESH_NAMES:
                self._fresh.popitem(last=False)
        self._total += address not in known
        known[address] = (host, time)
        known.move_to_end(address)
        if len(known) > limits.NAMES_PER_DEVICE:
            self._evict(device)
        while self._total > limits.NAMES or len(self._devices) > limits.DEVICES:
            self._evict(next(iter(self._devices)))

    def _evict(self, device: str) -> None:
        """Forget the oldest name of a device."""
        self._devices[device].popitem(last=False)
        self._total -= 1
        self.evicted += 1
        if not self._devices[device]:
            del self._devices[device]

    def _is_news(self, time: float, device: str, host: str) -> bool:
        last = self._asked.get((device, host))
        if last is not None and 0 <= time - last < limits.ASKED_AGAIN:
            return False
        self._asked[device, host] = time
        self._asked.move_to_end((device, host))
        if len(self._asked) > limits.ASKED:
            self._asked.popitem(last=False)
        return True
