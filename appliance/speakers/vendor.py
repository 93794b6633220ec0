# SPDX-License-Identifier: GPL-2.0-or-later
"""Who made a device's network chip, by its MAC address: the IEEE's registry, in the table that aiooui packs it into.

The table is read where it lies; aiooui itself would load all of it, with asyncio and ssl: 6 MB. Its layout: "OUI1", how
many prefixes, those in order, for each where its name begins, all as 32-bit little-endian numbers; then the names.
"""

from functools import cache
from importlib.util import find_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import NamedTuple

import numpy as np

from appliance.capture.frames import U32

#: The second-lowest bit of a MAC's first byte: the address was made up, it names no maker (IEEE 802-2014, 8.4).
LOCALLY_ADMINISTERED = 0x02
_MAGIC = b"OUI1"


class _Registry(NamedTuple):
    prefixes: U32
    places: U32  # of their names, behind the begin of all names
    names_at: int
    file: mmap


def vendor_of(device: str) -> str | None:
    """Return the organisation that the MAC address ``device`` was given to; None for random and unknown ones."""
    try:
        octets = bytes.fromhex(device.replace(":", " "))
    except ValueError:
        return None
    if len(octets) != 6 or octets[0] & LOCALLY_ADMINISTERED:
        return None
    prefixes, places, names_at, file = _registry()
    prefix = np.uint32(int.from_bytes(octets[:3], "big"))
    row = int(np.searchsorted(prefixes, prefix))
    if row == len(prefixes) or prefixes[row] != prefix:
        return None
    begin = names_at + int(places[row])
    return file[begin : file.find(b"\n", begin)].decode()


@cache
def _registry() -> _Registry:
    """Map the table. Raises RuntimeError if it has another layout, so that it is not read wrongly."""
    package = find_spec("aiooui")
    if package is None or package.origin is None:
        raise RuntimeError("aiooui is not installed")
    with Path(package.origin).with_name("oui.data").open("rb") as opened:
        file = mmap(opened.fileno(), 0, access=ACCESS_READ)
    if file[:4] != _MAGIC:
        raise RuntimeError("aiooui's table has a layout that is not known here")
    count = int.from_bytes(file[4:8], "little")
    prefixes, places = np.frombuffer(file, "<u4", 2 * count, 8).reshape(2, count)
    return _Registry(prefixes, places, 8 + 8 * count, file)
