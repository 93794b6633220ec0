# SPDX-License-Identifier: GPL-2.0-or-later
"""What a home's Wi-Fi and bridge do to a device's frames: stalls, loss, reordering, frames merged by offload."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from appliance.simulate.chance import Chance
from appliance.simulate.rows import F64, I64

STALL = (0.04, 0.3)  #: seconds a stall lasts; real ones reach 300 ms (facts section 3.1)
LOST = 0.001  #: share of data segments that are lost before the capture could see them
REPEATED = 0.001  #: share of data segments that are sent again though the capture has seen them
LATE = 0.001  #: share of data segments that arrive after their successors
TIMEOUT = (0.2, 0.35)  #: seconds until a segment is sent again (RFC 6298: at least 0.2 on Linux)
MERGED = (1, 1, 1, 2, 2, 3, 6, 44)  #: segments that one frame of a burst may hold where offload merges them (GRO)
BLOCK = 3600  #: seconds of stalls drawn at once


@dataclass(frozen=True, slots=True)
class Weather:
    """The network's troubles: how many stalls, and which others."""

    stalls: float = 0.04  #: a second
    loss: bool = True
    retransmission: bool = True
    reordering: bool = True
    offload: bool = True


class Link:
    """One device's way into the network, with its own chance."""

    def __init__(self, chance: Chance, name: str, weather: Weather) -> None:
        self._weather = weather
        self._chance = chance
        self._name = name
        self.noise = chance.noise("link", name)
        self._stalls = lru_cache(maxsize=4)(self._draw_stalls)

    def release(self, times: F64) -> F64:
        """Return when data written at ``times`` (sorted) leaves: a stall holds it back, all at once when it ends."""
        if self._weather.stalls <= 0 or not len(times):
            return times
        hours = range(int(times[0] // BLOCK), int(times[-1] // BLOCK) + 1)
        starts, ends = (np.concatenate(column) for column in zip(*map(self._stalls, hours), strict=True))
        which = np.searchsorted(starts, times, "right") - 1
        return np.where(which >= 0, np.maximum(times, ends[which]), times)

    def _draw_stalls(self, hour: int) -> tuple[F64, F64]:
        noise = self._chance.noise("stalls", self._name, hour)
        starts = np.sort(noise.uniform(0, BLOCK - STALL[1], math.ceil(BLOCK * self._weather.stalls))) + hour * BLOCK
        return starts, np.maximum.accumulate(starts + noise.uniform(*STALL, len(starts)))

    def merge(self, groups: int) -> I64:
        """Return how many segments each group of back-to-back data packs into one frame."""
        if not self._weather.offload:
            return np.ones(groups, np.int64)
        return np.array(MERGED, np.int64)[self.noise.integers(0, len(MERGED), groups)]

    def lost(self, segments: int) -> I64:
        """Return which of so many data segments are lost before the capture: it sees only the second copy."""
        return self._some(segments, LOST if self._weather.loss else 0.0)

    def repeated(self, segments: int) -> I64:
        """Return which of so many data segments are sent again needlessly, or lost behind the capture: it sees both."""
        return self._some(segments, REPEATED if self._weather.retransmission else 0.0)

    def late(self, segments: int) -> I64:
        """Return which of so many data segments are overtaken."""
        return self._some(segments, LATE if self._weather.reordering else 0.0)

    def _some(self, segments: int, share: float) -> I64:
        return np.flatnonzero(self.noise.random(segments) < share)
