# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps near misses for a minute: they matter only if an upload falls near them."""

from collections import deque

from appliance.events import Wake
from appliance.limits import NEAR_MISS_S, NEAR_MISSES


class NearMisses:
    """The near misses of the last minute, oldest first out; each is asked for at most once."""

    def __init__(self) -> None:
        self._kept: deque[Wake] = deque()
        self.forgotten = 0  #: pushed out by newer ones before their minute was over

    @property
    def oldest(self) -> float:
        """When the oldest of them was; infinity if there is none."""
        return self._kept[0].time if self._kept else float("inf")

    def last(self, count: int) -> list[Wake]:
        """Return the newest of them, the newest first."""
        return sorted(self._kept, key=lambda wake: -wake.time)[:count]

    def keep(self, wake: Wake) -> None:
        """Remember ``wake``."""
        while self._kept and self._kept[0].time < wake.time - NEAR_MISS_S:
            self._kept.popleft()
        if len(self._kept) >= NEAR_MISSES:
            self._kept.popleft()
            self.forgotten += 1
        self._kept.append(wake)

    def take(self, start: float, end: float) -> list[Wake]:
        """Return those between ``start`` and ``end``, and forget them: they are written now."""
        taken = [wake for wake in self._kept if start <= wake.time <= end]
        self._kept = deque(wake for wake in self._kept if not start <= wake.time <= end)
        return taken
