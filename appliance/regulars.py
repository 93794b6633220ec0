# SPDX-License-Identifier: GPL-2.0-or-later
"""What is remembered of devices, bounded so that a flood of strangers pushes aside strangers, not who lives here."""

from typing import TypeVar

from appliance.limits import REGULAR_S

V = TypeVar("V")


class Regulars(dict[str, V]):
    """A dict by device; change it by its own methods alone. Times are those of what was seen, in seconds.

    When it is full, the newcomer goes that has shown nothing for longest. Who still shows something REGULAR_S after it
    came first is no newcomer any more; such devices take half of the room at most, those silent for longest give way.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.evicted = 0  #: devices forgotten because there were too many
        self._limit = limit
        self._newcomers: dict[str, float] = {}  # since when, the longest silent first
        self._regulars: dict[str, None] = {}  # the longest silent first
        self._residents: frozenset[str] = frozenset()

    def welcome(self, residents: frozenset[str]) -> None:
        """Take it that these devices live here, and no others for sure: they are no newcomers from the first on."""
        self._residents = residents
        for device in self._newcomers.keys() & residents:
            self.settle(device, self[device])

    def settled(self, device: str) -> bool:
        """Say whether a device is no newcomer."""
        return device in self._regulars

    def put(self, device: str, value: V, time: float) -> None:
        """Note what is known of a device that showed something at ``time``."""
        if device in self._regulars or device in self._residents:
            self.settle(device, value)
            return
        since = self._newcomers.pop(device, time)
        if time - since >= REGULAR_S:
            self.settle(device, value)
            return
        self._newcomers[device] = since
        self[device] = value
        if len(self) > self._limit:
            self._forget()

    def settle(self, device: str, value: V) -> None:
        """Note what is known of a device that lives here, as is known from before."""
        self._newcomers.pop(device, None)
        self._regulars.pop(device, None)
        self._regulars[device] = None
        self[device] = value
        if len(self._regulars) > self._limit // 2:
            oldest = next(iter(self._regulars))
            del self._regulars[oldest]
            self._newcomers[oldest] = float("-inf")  # and back at once if it shows itself
        if len(self) > self._limit:
            self._forget()

    def _forget(self) -> None:
        oldest = next(iter(self._newcomers))
        del self._newcomers[oldest], self[oldest]
        self.evicted += 1
