# SPDX-License-Identifier: GPL-2.0-or-later
"""Who made a device's network chip, by its MAC address: the IEEE's registry, in the table that aiooui packs it into.

The table is read where it lies; aiooui itself would load all of it, with asyncio and ssl: 6 MB. Its layout: "OUI1", how
many prefixes, those in order, for each where its name begins, all as 32-bit little-endian numbers; then the names.
"""

import os
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from appliance.limits import VENDOR_BYTES

#: The second-lowest bit of a MAC's first byte: the address was made up, it names no maker (IEEE 802-2014, 8.4).
LOCALLY_ADMINISTERED = 0x02
_MAGIC = b"OUI1"
_HEAD_BYTES, _NUMBER_BYTES = 8, 4


@dataclass(frozen=True, slots=True)
class _Registry:
    """Read in small pieces, 8 us for one device: mapped it counts for 0.5 MB of each service."""

    file: int  #: its descriptor, for as long as the process lives
    count: int

    def prefix(self, row: int) -> int:
        """Return a prefix; behind the last of them come the places of the names."""
        at = _HEAD_BYTES + row * _NUMBER_BYTES
        return int.from_bytes(os.pread(self.file, _NUMBER_BYTES, at), "little")

    def name(self, row: int) -> str:
        """Return who has the prefix of that row."""
        begin = _HEAD_BYTES + 2 * self.count * _NUMBER_BYTES + self.prefix(self.count + row)
        return os.pread(self.file, VENDOR_BYTES, begin).partition(b"\n")[0].decode(errors="ignore")


def vendor_of(device: str) -> str | None:
    """Return the organisation that the MAC address ``device`` was given to; None for random and unknown ones."""
    try:
        octets = bytes.fromhex(device.replace(":", " "))
    except ValueError:
        return None
    if len(octets) != 6 or octets[0] & LOCALLY_ADMINISTERED:
        return None
    registry = _registry()
    prefix = int.from_bytes(octets[:3], "big")
    row = bisect_left(range(registry.count), prefix, key=registry.prefix)
    return registry.name(row) if row < registry.count and registry.prefix(row) == prefix else None


@cache
def _registry() -> _Registry:
    """Open the table. Raises RuntimeError if it has another layout, so that it is not read wrongly."""
    package = find_spec("aiooui")
    if package is None or package.origin is None:
        raise RuntimeError("aiooui is not installed")
    file = os.open(Path(package.origin).with_name("oui.data"), os.O_RDONLY)
    head = os.pread(file, _HEAD_BYTES, 0)
    if head[:4] != _MAGIC:
        raise RuntimeError("aiooui's table has a layout that is not known here")
    return _Registry(file, int.from_bytes(head[4:], "little"))
