# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a ruling down as a verdict: its evidence in order, and how loudly it is told."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from appliance.events import Evidence, Tell, Upload, Verdict
from appliance.judge.case import Ruling
from appliance.judge.evidence import figures
from appliance.judge.household import Household
from appliance.limits import JUDGE_DEVICES, JUDGE_FALSE_WAKES
from appliance.rules import VerdictRules

_LOUDNESS = tuple(Tell)
_DAY_S = 86400.0


class Clerk:
    """Knows how often each speaker was woken by mistake in the last 24 hours; everything else comes with the ruling."""

    def __init__(self, household: Household, rules: VerdictRules, version: str) -> None:
        self._household = household
        self._rules = rules
        self._version = version
        self._false_wakes: dict[str, deque[float]] = {}

    def first(self, ruling: Ruling, upload: Upload, time: float) -> Verdict:
        """Write the verdict on an upload that still runs."""
        return self._write(ruling, upload, time, final=False)

    def final(self, ruling: Ruling, upload: Upload, time: float) -> Verdict:
        """Write the last word on an upload."""
        if ruling.verdict == "false_wake":
            ruling = self._counted(ruling, upload)
        return self._write(ruling, upload, time, final=True)

    def recall(self, false_wakes: Iterable[tuple[str, float]]) -> None:
        """Take device and time of false wakes that were judged before."""
        for device, time in false_wakes:
            self._count(device, time)

    def forget(self, now: float) -> None:
        """Drop devices without a false wake in 24 hours."""
        self._false_wakes = {d: times for d, times in self._false_wakes.items() if times[-1] > now - _DAY_S}

    def _counted(self, ruling: Ruling, upload: Upload) -> Ruling:
        """Add how often the device was woken by mistake; too often is worth an alert."""
        count = self._count(upload.flow.device, upload.started_at)
        often = count > self._rules.false_wakes_a_day
        evidence = Evidence("false_wakes", count, f"False wakes of this device in 24 hours, with this one: {count}.")
        return replace(ruling, tell=Tell.ALERT if often else None, evidence=(evidence, *ruling.evidence))

    def _count(self, device: str, time: float) -> int:
        if device not in self._false_wakes and len(self._false_wakes) >= JUDGE_DEVICES:
            self._false_wakes.pop(next(iter(self._false_wakes)))
        times = self._false_wakes.setdefault(device, deque(maxlen=JUDGE_FALSE_WAKES))
        times.append(time)
        return sum(time - _DAY_S < one <= time for one in times)

    def _write(self, ruling: Ruling, upload: Upload, time: float, *, final: bool) -> Verdict:
        rules = Evidence("rules", self._version, f"Judged by rules {self._version}.")
        reason = Evidence("reason", ruling.verdict, ruling.reason)
        return Verdict(
            time=time,
            verdict=ruling.verdict,
            tell=self._for_speakers(upload, ruling.tell or self._rules.tell[ruling.verdict]),
            confidence=round(min(1.0, max(0.0, ruling.confidence)), 3),
            device=upload.flow.device,
            upload=upload,
            wake=ruling.wake,
            evidence=(reason, *figures(upload), *ruling.evidence, rules),
            rules=self._version,
            final=final,
        )

    def _for_speakers(self, upload: Upload, tell: Tell) -> Tell:
        """What may be no speaker at all is told as a notice at most."""
        if self._household.recognised(upload):
            return tell
        return min(tell, Tell.NOTICE, key=_LOUDNESS.index)
