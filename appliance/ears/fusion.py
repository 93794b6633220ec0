# SPDX-License-Identifier: GPL-2.0-or-later
"""Several engines judge one word; this makes one wake word of one utterance of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from appliance.events import Wake
from appliance.rules.wake import HEARD, NEAR_MISS, FusionRule, WakeRule, WakeRules, together
from appliance.rules.wakewords import WakeWords


class _Opinion(NamedTuple):
    """The best that one engine thought of an utterance, and when."""

    value: float
    time: float
    rule: WakeRule


@dataclass(slots=True)
class _Utterance:
    """What the engines think of one saying of one word, or of several that are taken for each other."""

    began_at: float
    last_at: float
    opinions: dict[str, _Opinion] = field(default_factory=dict)  #: by rule id
    best: float = 0.0  #: of all together
    best_at: float = 0.0
    word: str = ""  #: as the surest of them has it
    ended_at: float = 0.0  #: the end of the word, by the surest
    heard_at: float | None = None
    told: bool = False  #: as heard
    told_near: bool = False

    def add(self, time: float, rule: WakeRule, value: float, together_s: float) -> None:
        """Take one more opinion."""
        self.last_at = time
        self.opinions = {each: old for each, old in self.opinions.items() if old.time > time - together_s}
        if rule.id not in self.opinions or value >= self.opinions[rule.id].value:
            self.opinions[rule.id] = _Opinion(value, time, rule)
        score = together(opinion.value for opinion in self.opinions.values())
        if score > self.best:
            surest = max(self.opinions.values(), key=lambda opinion: opinion.value)
            self.best, self.best_at = score, time
            self.word, self.ended_at = surest.rule.word, surest.time - surest.rule.latency_s
        if score >= HEARD and self.heard_at is None:
            self.heard_at = time

    def settled(self, time: float, settle_s: float) -> bool:
        """Say whether the word was heard, long enough ago to tell."""
        return self.heard_at is not None and time >= self.heard_at + settle_s


class Fusion:
    """Takes scores as they come and tells each utterance once, soon after it was heard.

    A near miss is told when no opinion came for a while that would have made more of it. An utterance is over when
    nobody had an opinion for ``again_s``, and after twice that anyhow: an engine that never falls silent must not hide
    a word.
    """

    def __init__(self, rules: WakeRules, words: WakeWords, ear: str) -> None:
        self._rules = rules.by_id
        self._times: FusionRule = rules.fusion
        self._words = words
        self._ear = ear
        self._utterances: dict[str, _Utterance] = {}

    def feed(self, time: float, rule: str, value: float) -> None:
        """Take an engine's raw score; ``time``: when it had heard so far."""
        wake = self._rules[rule]
        opinion = wake.opinion(value)
        if opinion < NEAR_MISS:
            return
        word = self._words.one(wake.word)
        self._utterances.setdefault(word, _Utterance(time, time)).add(time, wake, opinion, self._times.together_s)

    def advance(self, time: float) -> Iterator[Wake]:
        """Yield what is to be told now that all has been heard up to ``time``."""
        for word, utterance in list(self._utterances.items()):
            if utterance.settled(time, self._times.settle_s) and not utterance.told:
                utterance.told = True
                yield self._wake(utterance, near_miss=False)
            quiet_s = time - utterance.last_at
            if not utterance.told and not utterance.told_near and time >= utterance.best_at + self._times.together_s:
                utterance.told_near = True
                yield self._wake(utterance, near_miss=True)
            if quiet_s >= self._times.again_s or time - utterance.began_at >= 2 * self._times.again_s:
                yield from self._close(word)

    def finish(self) -> Iterator[Wake]:
        """Yield what is still untold."""
        for word in list(self._utterances):
            yield from self._close(word)

    def _close(self, word: str) -> Iterator[Wake]:
        utterance = self._utterances.pop(word)
        heard = utterance.heard_at is not None
        if not utterance.told and (heard or not utterance.told_near):
            yield self._wake(utterance, near_miss=not heard)

    def _wake(self, utterance: _Utterance, *, near_miss: bool) -> Wake:
        return Wake(utterance.ended_at, self._ear, utterance.word, round(utterance.best, 3), near_miss)
