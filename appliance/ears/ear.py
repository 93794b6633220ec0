# SPDX-License-Identifier: GPL-2.0-or-later
"""One ear: sound in, facts out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from appliance.ears.block import Block
from appliance.ears.engine import RATE, Engine, Samples
from appliance.ears.frames import Frames
from appliance.ears.fusion import Fusion
from appliance.ears.health import Fault, Health
from appliance.ears.level import SILENCE_DB, level, levels
from appliance.ears.speech import Segments
from appliance.ears.voice import FRAME, Voice
from appliance.events import Coverage, Speech, Wake
from appliance.rules.wake import WakeRules
from appliance.rules.wakewords import WakeWords

Heard: TypeAlias = Wake | Speech | Coverage | Fault

_QUIET = np.random.default_rng(0).integers(-8, 9, RATE // 2).astype(np.int16)  #: as quiet as a microphone can be
_GAP_S = 0.05  #: blocks may be as far from where the one before ended: clocks that are compared are rounded


class Ear:
    """Hears blocks of sound and tells what there was to hear; keeps none of it.

    Coverage is told last, up to a moment before which nothing more can come: every wake word and every bit of speech
    until then was told before it. Near misses are told as wake words with ``near_miss``.
    """

    def __init__(self, name: str, rules: WakeRules, words: WakeWords, engines: Sequence[Engine]) -> None:
        self.name = name
        self.level = SILENCE_DB  #: of the last block, in dBFS
        self._engines = engines
        self._fusion = Fusion(rules, words, name)
        self._voice = Voice()
        self._frames = Frames(FRAME)
        self._segments = Segments(rules.speech, name)
        self._trailing = round(rules.speech.latency_s * RATE)  #: samples that the detector of speech is behind
        self._health = Health(rules.health, name)
        self._lag_s = max((rule.latency_s for rule in rules.engines), default=0.0) + rules.fusion.together_s
        self._lag_s += rules.fusion.settle_s
        self._origin: float | None = None  #: when the engines' first sample began
        self._heard = 0  #: samples since then

    @property
    def floor_db(self) -> float:
        """How quiet the room is when nobody makes a noise, in dBFS."""
        return self._segments.floor_db

    @property
    def faults(self) -> Iterable[str]:
        """What is wrong with the ear now, in words."""
        return [ill.value for ill in self._health.faults]

    def feed(self, block: Block) -> Iterator[Heard]:
        """Hear the next block; facts come in the order in which a judge can take them."""
        yield from self._health.feed(block)
        if self._breaks(block):
            yield from self._begin_anew(block.time)
        self.level = level(block.samples)
        yield from self._speech(block.samples)
        yield from self._wakes(block.samples)
        yield from self._report(block.ended_at - self._lag_s)

    def advance(self, now: float) -> Iterator[Heard]:
        """Say that it is ``now``, where no block has come for a while."""
        yield from self._health.advance(now)

    def wrong_rate(self, time: float, *, wrong: bool) -> Iterator[Heard]:
        """Say whether samples come at the right pace (``Pace``)."""
        yield from self._health.wrong_rate(time, wrong=wrong)

    def finish(self) -> Iterator[Heard]:
        """Tell what is left; the engines hear a moment of quiet first, to make up their minds about the last word."""
        end = self._now
        yield from self._speech(_QUIET[: self._trailing])
        yield from self._wakes(_QUIET)
        yield from self._fusion.finish()
        yield from self._segments.cut(end)
        yield from self._health.finish()

    @property
    def _now(self) -> float:
        return (self._origin or 0.0) + self._heard / RATE

    def _breaks(self, block: Block) -> bool:
        return self._origin is None or block.lost > 0 or abs(block.time - self._now) > _GAP_S

    def _begin_anew(self, time: float) -> Iterator[Heard]:
        """What comes does not go on from what was: words that began before are not to be heard in it."""
        if self._origin is not None:
            yield from self._fusion.finish()
            yield from self._segments.cut(self._now)
            for engine in self._engines:
                engine.reset()
            self._voice.reset()
            self._frames.reset()
            self._segments.reset()
        self._origin, self._heard = time, 0

    def _wakes(self, samples: Samples) -> Iterator[Wake]:
        origin = self._origin or 0.0
        self._heard += len(samples)
        for score in sorted(score for engine in self._engines for score in engine.feed(samples)):
            time = origin + score.at / RATE
            yield from self._fusion.advance(time)
            self._fusion.feed(time, score.rule, score.value)
        yield from self._fusion.advance(self._now)

    def _speech(self, samples: Samples) -> Iterator[Speech]:
        frames = list(self._frames.feed(samples))
        if frames:
            whole = np.concatenate([frame for _, frame in frames])
            time = (self._origin or 0.0) + (frames[0][0] - FRAME) / RATE
            yield from self._segments.feed(time, self._voice.feed(whole), levels(whole, FRAME))

    def _report(self, until: float) -> Iterator[Speech | Coverage]:
        coverage = list(self._health.report(until))
        if coverage:
            yield from self._segments.cut(coverage[-1].ended_at)
        yield from coverage
