# SPDX-License-Identifier: GPL-2.0-or-later
"""Traffic per device, role and minute: what each device sent to and got from whom, in rows worth keeping."""

from collections.abc import Callable

from appliance.events import FlowKey, Role, Traffic
from appliance.flows import Meter

_MINUTE = 60


class Minutes:
    """Turns what the meter counted into a row for each device and role, once a minute."""

    def __init__(self, meter: Meter, role: Callable[[FlowKey], Role]) -> None:
        """Take the meter, and what says what a flow is for."""
        self._meter = meter
        self._role = role
        self._minute: int | None = None

    def advance(self, time: float) -> list[Traffic]:
        """Return the rows of the minute that is over by ``time``; none while it goes on."""
        minute = int(time // _MINUTE)
        before, self._minute = self._minute, minute
        return [] if before is None or before == minute else self._rows(before)

    def finish(self) -> list[Traffic]:
        """Return the rows of the minute that goes on."""
        return [] if self._minute is None else self._rows(self._minute)

    def _rows(self, minute: int) -> list[Traffic]:
        sums: dict[tuple[str, Role], list[int]] = {}
        for count in self._meter.take():
            total = sums.setdefault((count.flow.device, self._role(count.flow)), [0, 0, 0])
            total[0] += count.up
            total[1] += count.down
            total[2] += count.packets
        return [
            Traffic(float(minute * _MINUTE), device, role, *total) for (device, role), total in sorted(sums.items())
        ]
