# SPDX-License-Identifier: GPL-2.0-or-later
"""From facts to verdicts.

Time moves only by :meth:`Judge.advance`, which says that the capture has reported everything before that time. Ears
may be later: a case waits until each of them has reported, by its coverage, past the moment that matters, but no longer
than ``wait_s``. An ear's coverage comes in order, and after what the ear heard in it; else it makes no difference in
which order facts come. The time of a verdict is that moment, or the end of the wait, so it does not depend on how often
the judge is asked either.

The moment that matters is ``called_after_s`` after the start if an ear near the speaker heard its name. Else it is
``settle_s`` after the start, and all ears of the home are waited for: by then other speakers have been called, and it
is known whether the upload is short. For the final verdict it is not before the upload's end.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from heapq import heapify, heappop, heappush

from appliance.events import FlowKey, JudgeFact, Upload, Verdict, Wake
from appliance.judge.case import Case, Ruling
from appliance.judge.clerk import Clerk
from appliance.judge.evidence import surroundings
from appliance.judge.memory import Memory
from appliance.judge.rulings import called_here, rule
from appliance.judge.scene import Scene
from appliance.judge.silent import SilentSpeakers
from appliance.limits import JUDGE_FORGETS_S, JUDGE_LONG_S, JUDGE_MEMORY_S, JUDGE_OPEN_CASES
from appliance.rules import Rules
from appliance.rules.wake import well_heard
from appliance.rules.wakewords import WakeWords


class Judge:
    """Gives each upload at most one first verdict and exactly one final one; and a word on unanswered wake words."""

    def __init__(self, rules: Rules) -> None:
        words = WakeWords({each.id: each.wake_words for each in rules.speakers.rules}, rules.verdicts.same_words)
        self._rules = rules.verdicts
        self._memory = Memory(self._rules, words, well_heard(rules.wake, words, self._rules.weak_recall))
        self._silent = SilentSpeakers(self._memory, self._rules, rules.version)
        self._clerk = Clerk(self._memory.household, self._rules, rules.version)
        self._now = self._seen = self._forgot = float("-inf")

    def feed(self, fact: JudgeFact) -> list[Verdict]:
        """Take a fact; returns a verdict only if so many uploads are open that the oldest must be closed."""
        self._memory.feed(fact)
        if isinstance(fact, Wake):
            self._silent.feed(fact)
        if isinstance(fact, Upload) and len(self._memory.docket.open) > JUDGE_OPEN_CASES:
            return [self._close(min(self._memory.docket.open.values(), key=lambda case: case.start))]
        return []

    def advance(self, time: float) -> list[Verdict]:
        """Take it that the capture has reported everything before ``time``; return what can be said by now."""
        if time > self._now:
            self._now = time
            self._seen = time if time < float("inf") else self._seen
        verdicts = self._judge_all() + self._silent.advance(self._now)
        if self._seen - self._forgot > JUDGE_FORGETS_S:
            self._forget()
        return verdicts

    @property
    def open_cases(self) -> int:
        """How many uploads have no final verdict yet."""
        return len(self._memory.docket.open)

    def recall(self, false_wakes: Iterable[tuple[str, float]]) -> None:
        """Take device and time of the false wakes of the last day that were judged before."""
        self._clerk.recall(false_wakes)

    def finish(self) -> list[Verdict]:
        """End: no more facts will come. Uploads that never ended are judged by what was seen of them."""
        for case in self._memory.docket.open.values():
            case.ended = case.ended or case.upload
        return self.advance(float("inf"))

    def shed(self) -> dict[str, int]:
        """What was turned away or forgotten for want of room, by kind."""
        return self._memory.shed() | {"wake words waiting": self._silent.evicted}

    def _judge_all(self) -> list[Verdict]:
        """Take every step that is due, in the order of their moments."""
        steps = [step for case in self._memory.docket.open.values() if (step := self._step(case)) is not None]
        heapify(steps)
        verdicts: list[Verdict] = []
        while steps:
            moment, _, key = heappop(steps)
            case = self._memory.docket.open[key]
            verdicts += self._take_step(case, moment)
            if not case.closed and (step := self._step(case)) is not None:
                heappush(steps, step)
        return verdicts

    def _step(self, case: Case) -> tuple[float, float, tuple[FlowKey, float]] | None:
        """The case's next step, if it is due: its moment, and what orders it among others."""
        moment = self._next_moment(case)
        over = moment + self._rules.wait_s < self._now
        if moment < self._now and (over or self._reported(case, moment)):
            return moment, case.start, case.upload.key
        return None

    def _next_moment(self, case: Case) -> float:
        if case.called is None:
            return max(case.start + self._rules.called_after_s, case.upload.time)
        final = self._final_moment(case)
        return final if case.told else min(self._first_moment(case), final)

    def _first_moment(self, case: Case) -> float:
        settled = self._rules.called_after_s if case.called else self._rules.settle_s
        return max(case.start + settled, case.upload.time)

    def _final_moment(self, case: Case) -> float:
        if case.ended is None:
            return float("inf")
        if case.ended.ended_at is None:
            return max(case.ended.time, self._seen)
        return max(self._first_moment(case), case.ended.time, case.ended.ended_at)

    def _reported(self, case: Case, moment: float) -> bool:
        """Whether the ears that the case waits for have reported past the moment."""
        household = self._memory.household
        ears: Collection[str] = household.ears if case.called is False else household.ears_near(case.device)
        return all(self._memory.coverage.reached(ear) >= moment for ear in ears)

    def _take_step(self, case: Case, moment: float) -> list[Verdict]:
        if case.called is None:
            case.called = called_here(self._scene(case.upload, moment)) is not None
            return []
        if moment < self._final_moment(case):
            case.told = True
            case.ruling = self._rule(case.upload, moment)
            return [self._clerk.first(case.ruling, case.upload, self._said_at(case, moment))]
        return [self._close(case)]

    def _close(self, case: Case) -> Verdict:
        """Give the final verdict; what ran too long to remember its beginning keeps the ruling it has."""
        case.ended = case.ended or case.upload
        moment = self._final_moment(case)
        if case.ruling is None or moment - case.start <= JUDGE_LONG_S:
            case.ruling = self._rule(case.ended, moment)
        self._memory.docket.close(case)
        return self._clerk.final(case.ruling, case.ended, self._said_at(case, moment))

    def _scene(self, upload: Upload, moment: float) -> Scene:
        return Scene(self._memory, self._rules, upload, moment)

    def _rule(self, upload: Upload, moment: float) -> Ruling:
        scene = self._scene(upload, moment)
        return replace(rule(scene), evidence=tuple(surroundings(scene)))

    def _said_at(self, case: Case, moment: float) -> float:
        return moment if self._reported(case, moment) else moment + self._rules.wait_s

    def _forget(self) -> None:
        self._forgot = self._seen
        self._memory.forget(self._seen - JUDGE_MEMORY_S)
        self._silent.forget(self._seen - JUDGE_MEMORY_S)
        self._clerk.forget(self._seen)
