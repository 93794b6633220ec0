# SPDX-License-Identifier: GPL-2.0-or-later
"""When an ear does not hear, and from when to when it did."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from appliance.ears.block import Block
from appliance.ears.engine import RATE, Samples
from appliance.events import Coverage
from appliance.rules.wake import HealthRule

_FULL_SCALE = 32_700  #: some converters do not reach 32767


class Ill(StrEnum):
    """What is wrong with an ear."""

    DEAD = "dead"  #: nothing comes any more: unplugged, or its driver hangs
    MUTED = "muted"  #: nothing but zeros
    FLAT = "flat"  #: hardly any change: no real microphone is so quiet
    CLIPPING = "clipping"  #: too loud to tell anything
    LOST = "lost"  #: samples were lost on the way (xrun)
    WRONG_RATE = "wrong rate"  #: it does not give as many samples a second as it should: another device


class Fault(NamedTuple):
    """An ear does not hear, from ``time`` on; said again with ``ended_at`` when it does."""

    time: float
    ear: str
    what: Ill
    ended_at: float | None = None


class Health:
    """Says from block to block whether the ear hears, and tells its coverage.

    A suspicion (the first silent block) holds the coverage back until it is cleared or has become a fault, so that a
    fault's beginning was never told as covered.
    """

    def __init__(self, rule: HealthRule, ear: str) -> None:
        self._rule = rule
        self._ear = ear
        self._patience = {Ill.MUTED: rule.muted_s, Ill.FLAT: rule.flat_s, Ill.CLIPPING: rule.clipping_s}
        self._suspicions: dict[Ill, float] = {}  #: since when
        self._faults: dict[Ill, float] = {}
        self._covered_from: float | None = None
        self._heard_to: float | None = None

    @property
    def faults(self) -> dict[Ill, float]:
        """What is wrong now, and since when."""
        return dict(self._faults)

    def feed(self, block: Block) -> Iterator[Coverage | Fault]:
        """Take the next block; yields faults as they are noticed and healed, and what coverage they end."""
        if block.lost > self._rule.lost_samples and self._heard_to is not None:
            yield from self._end_coverage(self._heard_to)
            yield Fault(self._heard_to, self._ear, Ill.LOST, block.time)
        seen = set(self._look(block))
        for ill, patience in self._patience.items():
            yield from self._suspect(ill, block, patience, suspicious=ill in seen)
        yield from self._heal(Ill.DEAD, block.time)
        self._heard_to = block.ended_at
        if not self._faults and self._covered_from is None:
            self._covered_from = block.time

    def advance(self, now: float) -> Iterator[Coverage | Fault]:
        """Say that it is ``now``: yields that the ear is dead if nothing came for too long."""
        if self._heard_to is None:
            self._heard_to = now
        if now - self._heard_to >= self._rule.dead_s:
            yield from self._blame(Ill.DEAD, self._heard_to)

    def wrong_rate(self, time: float, *, wrong: bool) -> Iterator[Coverage | Fault]:
        """Say whether the ear's samples come as fast as they should, by somebody who has a clock (see ``Pace``)."""
        yield from self._blame(Ill.WRONG_RATE, time) if wrong else self._heal(Ill.WRONG_RATE, time)

    def report(self, until: float) -> Iterator[Coverage]:
        """Yield the coverage up to ``until``, as far as it is beyond suspicion and worth a line."""
        until = min([until, *self._suspicions.values()])
        if self._covered_from is not None and until - self._covered_from >= self._rule.report_s:
            yield Coverage(self._covered_from, until, self._ear)
            self._covered_from = until

    def finish(self) -> Iterator[Coverage]:
        """Yield what coverage is left to tell."""
        if self._heard_to is not None:
            yield from self._end_coverage(min([self._heard_to, *self._suspicions.values()]))

    def _look(self, block: Block) -> Iterator[Ill]:
        samples = block.samples
        if samples.size == 0:
            return
        if not samples.any():
            yield Ill.MUTED
        elif int(np.ptp(samples.astype(np.int32))) <= self._rule.flat_step:
            yield Ill.FLAT
        elif _clipped(samples) > self._rule.clipped_share:
            yield Ill.CLIPPING

    def _suspect(self, ill: Ill, block: Block, patience: float, *, suspicious: bool) -> Iterator[Coverage | Fault]:
        if not suspicious:
            self._suspicions.pop(ill, None)
            yield from self._heal(ill, block.time)
        elif ill not in self._faults:
            since = self._suspicions.setdefault(ill, block.time)
            if block.ended_at - since >= patience:
                del self._suspicions[ill]
                yield from self._blame(ill, since)

    def _blame(self, ill: Ill, since: float) -> Iterator[Coverage | Fault]:
        if ill not in self._faults:
            self._faults[ill] = since
            yield from self._end_coverage(since)
            yield Fault(since, self._ear, ill)

    def _heal(self, ill: Ill, time: float) -> Iterator[Fault]:
        since = self._faults.pop(ill, None)
        if since is not None:
            yield Fault(since, self._ear, ill, time)

    def _end_coverage(self, time: float) -> Iterator[Coverage]:
        if self._covered_from is not None and time > self._covered_from:
            yield Coverage(self._covered_from, time, self._ear)
        self._covered_from = None


def _clipped(samples: Samples) -> float:
    """Return the share of ``samples`` at full scale."""
    return float(np.count_nonzero(np.abs(samples.astype(np.int32)) >= _FULL_SCALE)) / samples.size


class Pace:
    """Compares how many samples come with how many should, by the clock of whoever reads them.

    Samples that come late are too few at first and too many afterwards; a wrong rate is wrong the same way twice.
    """

    def __init__(self, rule: HealthRule) -> None:
        self._rule = rule
        self._since: tuple[float, int] | None = None
        self._count = 0
        self._off = 0.0  #: the share by which the last count was off

    def feed(self, samples: int, now: float) -> bool | None:
        """Count ``samples`` read at ``now``; returns whether the pace is wrong, None while it is too soon to say."""
        self._count += samples
        if self._since is None:
            self._since = (now, self._count)
            return None
        elapsed = now - self._since[0]
        if elapsed < self._rule.pace_s:
            return None
        before, self._off = self._off, (self._count - self._since[1]) / (elapsed * RATE) - 1.0
        self._since = (now, self._count)
        wrong = [off for off in (before, self._off) if abs(off) > self._rule.pace_share]
        return len(wrong) == 2 and (before > 0) == (self._off > 0)
