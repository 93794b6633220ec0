# SPDX-License-Identifier: GPL-2.0-or-later
"""When people talk, when there is some other sound, and when it is quiet."""

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from appliance.ears.engine import RATE
from appliance.ears.level import Floor
from appliance.ears.voice import FRAME
from appliance.events import Speech
from appliance.rules.wake import SpeechRule

_FRAME_S = FRAME / RATE


class Kind(StrEnum):
    """What there is to hear."""

    SPEECH = "speech"
    OTHER = "other"
    SILENCE = "silence"


class Segments:
    """Makes segments of what is heard every 10 ms; silence is where there is none."""

    def __init__(self, rule: SpeechRule, ear: str) -> None:
        self._rule = rule
        self._ear = ear
        self._hangover = round(rule.hangover_s / _FRAME_S)
        self._floor = Floor(round(rule.floor_s / _FRAME_S))
        self._delay = round(rule.latency_s / _FRAME_S)
        self._levels = np.empty(0)  #: of which the detector has not judged yet
        self._power: list[float] = []  #: of each frame with sound in it, of the segment so far
        self._talk_s = 0.0
        self._began_at = self._until = 0.0
        self.floor_db = 0.0  #: of the room, as it is now
        self.reset()

    def reset(self) -> None:
        """Begin anew: what follows does not go on from what was. The room is the same."""
        self._talking = False
        self._levels = np.empty(0)
        self._since_talk = self._since_loud = self._hangover + 1
        self._begin(Kind.SILENCE, 0.0)

    def feed(self, time: float, chances: NDArray[np.float64], levels: NDArray[np.float64]) -> Iterator[Speech]:
        """Take the chances that 10-ms frames are speech, and their levels; ``time``: the first one's begin.

        A chance is put to the level of ``latency_s`` ago, which it is about.
        """
        waiting = np.concatenate((self._levels, levels))
        ready = max(0, waiting.size - self._delay)
        time += (len(levels) - waiting.size) * _FRAME_S
        self._levels = waiting[ready:]
        judged = zip(chances[len(chances) - ready :].tolist(), waiting[:ready].tolist(), strict=True)
        for at, (chance, level) in enumerate(judged):
            now = time + at * _FRAME_S
            kind = self._judge(chance, level)
            if kind is not self._kind:
                yield from self.cut(now)
                self._begin(kind, now)
            if self._since_talk == 0 or (kind is Kind.OTHER and self._since_loud == 0):
                self._power.append(10 ** (level / 10))
                self._until = now + _FRAME_S
                self._talk_s += _FRAME_S if self._talking else 0.0
            if self._until - self._began_at >= self._rule.longest_s:
                yield from self.cut(now + _FRAME_S)

    def cut(self, time: float) -> Iterator[Speech]:
        """Yield what was heard up to ``time``; what goes on is told from there on."""
        if self._power:
            speech = self._kind is Kind.SPEECH and self._talk_s >= self._rule.shortest_s
            level = 10 * float(np.log10(np.mean(self._power)))
            kind = Kind.SPEECH if speech else Kind.OTHER
            yield Speech(self._began_at, self._until, self._ear, round(level, 1), kind.value)
        self._power.clear()
        self._began_at = time

    def _begin(self, kind: Kind, time: float) -> None:
        self._kind = kind
        self._began_at = self._until = time
        self._power.clear()
        self._talk_s = 0.0

    def _judge(self, chance: float, level: float) -> Kind:
        """Say what is heard, with the hangover: a pause for breath is no silence."""
        self.floor_db = self._floor.feed(level)
        loud = level > max(self.floor_db + self._rule.loud_db, self._rule.quiet_db)
        self._talking = chance >= (self._rule.goes_on if self._talking else self._rule.begins)
        self._since_talk = 0 if self._talking else self._since_talk + 1
        self._since_loud = 0 if loud else self._since_loud + 1
        if self._since_talk <= self._hangover:
            return Kind.SPEECH
        return Kind.OTHER if self._since_loud <= self._hangover else Kind.SILENCE
