# SPDX-License-Identifier: GPL-2.0-or-later
"""How much each device sent and got, by what the other side is for."""

from collections import defaultdict
from typing import NamedTuple

from appliance.diary.calendar import Calendar
from appliance.events import Role
from appliance.ledger import Reader

_SUMS = """
SELECT CAST((time + ? - ?) / ? AS INTEGER), device, role, sum(bytes_up), sum(bytes_down), sum(packets) FROM traffic
WHERE boot = ? AND time >= ? AND time < ? GROUP BY 1, 2, 3
"""


class Sum(NamedTuple):
    """What one device sent to and got from hosts of one role in the stretch that begins at ``time``, by the wall."""

    time: float
    device: str
    role: Role
    bytes_up: int
    bytes_down: int
    packets: int


def sums(reader: Reader, start: float, end: float, step: float) -> list[Sum]:
    """Return the traffic from ``start`` to before ``end`` in stretches of ``step`` seconds, in order of time."""
    totals: defaultdict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    with reader.one_view():
        for each in Calendar(reader).between(start, end):
            values = (each.offset, start, step, each.boot, each.since, each.until)
            for place, device, role, *counts in reader.rows(_SUMS, values):
                total = totals[place, device, role]
                total[:] = [before + more for before, more in zip(total, counts, strict=True)]
    return [
        Sum(start + place * step, device, Role(role), *counts)
        for (place, device, role), counts in sorted(totals.items())
    ]
