# SPDX-License-Identifier: GPL-2.0-or-later
"""Wake words that no speaker answered: it was muted, offline, or not meant."""

from bisect import insort

from appliance.events import CAPTURE, Evidence, Verdict, Wake
from appliance.judge.memory import Memory
from appliance.limits import JUDGE_SOUNDS_PER_EAR
from appliance.rules import VerdictRules


class SilentSpeakers:
    """Keeps each wake word until the capture has reported on the time in which an upload should have begun."""

    def __init__(self, memory: Memory, rules: VerdictRules, version: str) -> None:
        self.evicted = 0
        self._memory = memory
        self._rules = rules
        self._version = version
        self._waiting: list[Wake] = []
        self._since = float("-inf")  # from when on everything is remembered

    def feed(self, wake: Wake) -> None:
        """Take a wake word; one that the ear was not sure of promises no upload.

        Of one that comes so late that what happened around it is forgotten, nobody can say what answered it.
        """
        if wake.near_miss or wake.time - self._rules.called_after_s < self._since:
            return
        insort(self._waiting, wake, key=lambda one: (one.time, one.ear, one.word))
        if len(self._waiting) > JUDGE_SOUNDS_PER_EAR:
            del self._waiting[0]
            self.evicted += 1

    def advance(self, time: float) -> list[Verdict]:
        """Judge the wake words whose time is over, as far as the capture has reported."""
        upto = min(time, self._memory.coverage.reached(CAPTURE))
        due = [wake for wake in self._waiting if self._moment(wake) < upto]
        del self._waiting[: len(due)]
        return [self._verdict(wake, speakers) for wake in due if (speakers := self._silent(wake))]

    def forget(self, before: float) -> None:
        """Drop wake words on which the capture never reported; what was before then is not remembered."""
        self._since = before
        self._waiting = [wake for wake in self._waiting if wake.time >= before]

    def _moment(self, wake: Wake) -> float:
        """When every upload that answers the wake word is known."""
        return wake.time + self._rules.silent_speaker_s + self._rules.called_after_s

    def _silent(self, wake: Wake) -> list[str]:
        """The speakers that should have answered, if none did and the capture would have seen it."""
        start, end = wake.time - self._rules.called_after_s, wake.time + self._rules.silent_speaker_s
        lost = any(self._memory.losses.between(start, end))
        if lost or not self._memory.coverage.covered(CAPTURE, start, end) or self._repeats(wake):
            return []
        answered = any(
            self._memory.household.listens(case.device, case.upload.speaker, wake.word)
            for case in self._memory.docket.between(float("-inf"), end)
            if case.start >= start or (case.latest.ended_at or float("inf")) >= wake.time
        )
        return [] if answered else self._memory.household.listeners(wake.ear, wake.word)

    def _repeats(self, wake: Wake) -> bool:
        """Whether an ear heard the same word just before, or another ear at the same time: then that one counts."""
        near = self._memory.wakes(self._memory.household.ears, wake.time - self._rules.same_wake_s, wake.time)
        same = (other for other in near if not other.near_miss and self._memory.household.same(other.word, wake.word))
        return any((other.time, other.ear) < (wake.time, wake.ear) for other in same)

    def _verdict(self, wake: Wake, speakers: list[str]) -> Verdict:
        names = ", ".join(self._memory.household.name(device) or device for device in speakers)
        return Verdict(
            time=self._moment(wake),
            verdict="silent_speaker",
            tell=self._rules.tell["silent_speaker"],
            confidence=round(wake.score, 3),
            device=speakers[0] if len(speakers) == 1 else None,
            upload=None,
            wake=wake,
            evidence=(
                Evidence(
                    "reason",
                    "silent_speaker",
                    f"The name “{wake.word}” was heard by {wake.ear}, and nothing was uploaded.",
                ),
                Evidence("wake_score", round(wake.score, 3), f"The wake word's score was {wake.score:.2f}."),
                Evidence("speakers", names, f"Should have answered: {names}."),
                Evidence("rules", self._version, f"Judged by rules {self._version}."),
            ),
            rules=self._version,
            final=True,
        )
