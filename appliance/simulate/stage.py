# SPDX-License-Identifier: GPL-2.0-or-later
"""Where behaviours act: they use the network, make sounds and tell the truth; the stage keeps time and order."""

import heapq
from collections.abc import Callable
from itertools import count as counter
from random import Random

from appliance.simulate.chance import Chance
from appliance.simulate.lines import Lines
from appliance.simulate.network import Network
from appliance.simulate.scenario import Scenario

Stretches = dict[str, list[tuple[float, float]]]  # by ear


class Stage:
    """All that goes on at one moment of the play."""

    def __init__(self, scenario: Scenario, sounds: Lines, truth: Lines) -> None:
        self.scenario = scenario
        self.chance = Chance(scenario.seed)
        self.net = Network(scenario, self.chance)
        self.noise = self.net.noise
        self.sounds, self.truth = sounds, truth
        self.outages: Stretches = {}  # where an ear is off
        self.gaps: list[tuple[float, float]] = []  # where the capture drops frames
        self._hushed: Stretches = {}  # where nobody may talk
        self._scenes: list[tuple[float, int, Callable[[], None]]] = []
        self._order = counter()

    def dice(self, *purpose: object) -> Random:
        """Return the dice for one purpose."""
        return self.chance.dice(*purpose)

    def wants(self, behaviour: str) -> bool:
        """Say whether a behaviour is in the play."""
        return behaviour in self.scenario.behaviours

    def at(self, time: float, behaviour: str, action: Callable[[], None]) -> None:
        """Let ``action`` happen at ``time``, if that behaviour is in the play and the time too."""
        if self.wants(behaviour) and self.scenario.start <= time < self.scenario.end:
            heapq.heappush(self._scenes, (time, next(self._order), action))

    def every(self, first: float, period: float, behaviour: str, play: Callable[[float], None]) -> None:
        """Let ``play`` happen at ``first`` and then once a ``period``, for ever."""

        def again() -> None:
            play(first)
            self.every(first + period, period, behaviour, play)

        self.at(first, behaviour, again)

    def perform(self, until: float) -> None:
        """Let everything happen that is due before ``until``."""
        while self._scenes and self._scenes[0][0] < until:
            heapq.heappop(self._scenes)[2]()

    def burst(self, device: str, start: float, end: float, kind: str) -> None:
        """Tell the truth about a stretch of traffic that is no upload."""
        times = {"start": round(start, 6), "end": round(end, 6)}
        self.truth.tell(start, {"type": "burst", "device": device, **times, "kind": kind})

    def hush(self, ear: str, start: float, end: float) -> None:
        """Keep people silent before an ear for the sake of a scene."""
        self._hushed.setdefault(ear, []).append((start, end))

    def hushed(self, ear: str, start: float, end: float) -> bool:
        """Say whether people must be silent before an ear at some time between ``start`` and ``end``."""
        return any(begin < end and start < over for begin, over in self._hushed.get(ear, ()))

    def forget(self, before: float) -> None:
        """Drop what was agreed for times long gone, so that a long play needs no more memory than a short one."""
        for agreed in (self._hushed, self.outages):
            for ear, stretches in agreed.items():
                agreed[ear] = [stretch for stretch in stretches if stretch[1] >= before]
        self.gaps = [gap for gap in self.gaps if gap[1] >= before]
