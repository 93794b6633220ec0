# SPDX-License-Identifier: GPL-2.0-or-later
"""From steady time, which facts carry, to what clocks on the wall showed. The view ``span`` says the same in SQL."""

from typing import NamedTuple

from appliance.ledger.reader import Reader


class Wall(NamedTuple):
    """Wall-clock time in seconds since the epoch, and whether a time server stands behind it."""

    time: float
    synchronised: bool


def wall(reader: Reader, boot: int, time: float) -> Wall:
    """Return the wall-clock time of a boot's steady ``time``, by what is known of the clock now."""
    found = reader.rows(
        "SELECT offset, synchronised FROM span WHERE boot = ? AND since <= ? AND ? < until", (boot, time, time)
    )
    offset, synchronised = found[0] if found else (0.0, 0)
    return Wall(time + offset, bool(synchronised))
