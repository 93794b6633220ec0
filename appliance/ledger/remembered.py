# SPDX-License-Identifier: GPL-2.0-or-later
"""What the capture knew before it was started again: each device as it was last described, and names of addresses."""

from dataclasses import replace

from appliance.events import Device, Name
from appliance.ledger.reader import Reader
from appliance.ledger.rows import DEVICE, NAME, F, Table
from appliance.ledger.wall import wall
from appliance.limits import DEVICES_KNOWN, NAME_AGE, NAMES


def known_devices(reader: Reader, boot: int, time: float) -> list[Device]:
    """Return the newest word on each device, of whatever boot, the longest silent first; times are those of ``boot``.

    ``boot`` and ``time`` are now, in steady seconds. Of too many, those that are known for longest: a flood is not.
    """
    now = wall(reader, boot, time).time
    newest = _newest(reader, DEVICE, "device", "min(id)", DEVICES_KNOWN)
    return [replace(device, time=at - now + time) for at, device in newest]


def known_names(reader: Reader, boot: int, time: float) -> list[Name]:
    """Return for each device and address the newest name, if it is not too old; ordered and timed likewise."""
    now = wall(reader, boot, time).time
    newest = _newest(reader, NAME, "device, address", "max(id) DESC", NAMES)
    return [replace(name, time=at - now + time) for at, name in newest if at >= now - NAME_AGE]


def _newest(reader: Reader, table: Table[F], keys: str, first: str, limit: int) -> list[tuple[float, F]]:
    """Return the newest fact for each of the keys with its wall-clock time, by age; of too many the ``first``."""
    clause = f"""
        JOIN span ON span.boot = {table.name}.boot AND since <= time AND time < until
        WHERE id IN (SELECT max(id) FROM {table.name} GROUP BY {keys} ORDER BY {first} LIMIT {limit}) ORDER BY id
    """
    with reader.one_view():
        times = dict(reader.rows(f"SELECT id, time + offset FROM {table.name} {clause}"))
        return [(times[id_], fact) for id_, fact in reader.facts(table, clause)]
