# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything the judge remembers: who is who, what ears heard, what the capture missed, and the cases themselves."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from appliance.events import CAPTURE, Coverage, Device, Ear, Loss, Placement, Reply, Speech, Upload, Wake
from appliance.judge.case import Docket
from appliance.judge.coverage import Coverages
from appliance.judge.household import Household
from appliance.judge.timeline import Timeline
from appliance.limits import JUDGE_LOSSES, JUDGE_REPLIES, JUDGE_SOUNDS_PER_EAR
from appliance.rules import VerdictRules
from appliance.rules.wakewords import WakeWords

_time = attrgetter("time")
_started_at = attrgetter("started_at")
_ended_at = attrgetter("ended_at")


class Memory:
    """Facts of the last quarter of an hour, bounded in number too."""

    def __init__(self, rules: VerdictRules, words: WakeWords, well_heard: frozenset[str] | None = None) -> None:
        self.household = Household(words, well_heard)
        self.coverage = Coverages(rules.coverage_join_s)
        self.docket = Docket()
        self.replies = Timeline[Reply](JUDGE_REPLIES, _started_at, _ended_at)
        self.losses = Timeline[Loss](JUDGE_LOSSES, _time, _ended_at)
        self._wakes: dict[str, Timeline[Wake]] = {}
        self._speech: dict[str, Timeline[Speech]] = {}

    def feed(self, fact: Device | Upload | Reply | Wake | Speech | Coverage | Loss | Ear | Placement) -> None:
        """Put a fact in its place."""
        match fact:
            case Upload():
                self.docket.enter(fact)
            case Device() | Ear() | Placement():
                self.household.feed(fact)
            case Reply():
                self.replies.add(fact)
            case Loss():
                self.losses.add(fact)
            case Coverage():
                self._watched(fact)
            case Wake() | Speech():
                self._heard(fact)

    def _watched(self, fact: Coverage) -> None:
        self.coverage.feed(fact)
        if fact.source != CAPTURE:
            self.household.met(fact.source)
        elif fact.lost:
            self.losses.add(Loss(fact.time, fact.ended_at, None, "frames", fact.lost))

    def _heard(self, fact: Wake | Speech) -> None:
        self.household.met(fact.ear)
        if fact.ear not in self.household.ears:
            return
        if isinstance(fact, Wake):
            self._wakes.setdefault(fact.ear, Timeline(JUDGE_SOUNDS_PER_EAR, _time, _time)).add(fact)
        else:
            self._speech.setdefault(fact.ear, Timeline(JUDGE_SOUNDS_PER_EAR, _time, _ended_at)).add(fact)

    def wakes(self, ears: Iterable[str], start: float, end: float) -> Iterator[Wake]:
        """The wake words, near misses too, that these ears heard from ``start`` to ``end``."""
        for ear in ears:
            if ear in self._wakes:
                yield from self._wakes[ear].between(start, end)

    def speech(self, ears: Iterable[str], start: float, end: float) -> Iterator[Speech]:
        """What else these ears heard from ``start`` to ``end``."""
        for ear in ears:
            if ear in self._speech:
                yield from self._speech[ear].between(start, end)

    def covered(self, ear: str, start: float, end: float) -> bool:
        """Whether the ear listened from ``start`` to ``end`` without a gap, and all that it heard is still known."""
        heard = (self._wakes.get(ear), self._speech.get(ear))
        return all(line is None or line.since < start for line in heard) and self.coverage.covered(ear, start, end)

    def forget(self, before: float) -> None:
        """Drop what had ended before then."""
        self.replies.forget(before)
        self.losses.forget(before)
        for wakes in self._wakes.values():
            wakes.forget(before)
        for speech in self._speech.values():
            speech.forget(before)
        self.coverage.forget(before)
        self.docket.forget(before)

    def shed(self) -> dict[str, int]:
        """What was turned away or forgotten for want of room, by kind."""
        wakes = sum(line.evicted for line in self._wakes.values())
        speech = sum(line.evicted for line in self._speech.values())
        return {
            "ears and devices": self.household.refused + self.coverage.refused,
            "uploads": self.docket.evicted,
            "sounds": wakes + speech,
            "replies": self.replies.evicted,
            "losses": self.losses.evicted,
        }
