# SPDX-License-Identifier: GPL-2.0-or-later
"""What ears heard while a capture was made, put into the ledger as the ears' service would: for demo and tests."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from appliance.events import CAPTURE, Coverage, Ear, Placement, Speech, Wake
from appliance.judge import Sounds
from appliance.judge.sounds import SoundFact
from appliance.ledger import Ledger
from appliance.limits import FLUSH_S, LEDGER_COVERAGE_S
from appliance.live.service import CaptureService


class PlayedEars:
    """Reads a sounds file as the replay goes on. Raises SoundsError or OSError for a file that cannot be read."""

    def __init__(self, path: Path, ledger: Ledger, boot: int) -> None:
        self._facts: Iterator[SoundFact] = iter(Sounds(path))
        self._ledger = ledger
        self._boot = boot
        self._next = next(self._facts, None)

    def advance(self, time: float) -> list[Coverage]:
        """Write what was heard until some minutes after ``time``: stretches of coverage are told at their end.

        Returns what the file says of the capture, which is not for the ears to write.
        """
        heard: list[Wake | Speech | Coverage] = []
        capture: list[Coverage] = []
        while self._next is not None and _begin(self._next) <= time + LEDGER_COVERAGE_S:
            if isinstance(self._next, Coverage) and self._next.source == CAPTURE:
                capture.append(self._next)
            elif not isinstance(self._next, Ear | Placement):
                heard += _as_told(self._next)
            self._next = next(self._facts, None)
        self._ledger.write(self._boot, heard)
        return capture

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()


class Rehearsal:
    """A capture service that replays, and ears that hear in step with it."""

    def __init__(self, capture: CaptureService, ears: PlayedEars) -> None:
        self._capture = capture
        self._ears = ears

    def step(self) -> bool:
        """Let the ears hear what belongs to the next frames, and take those."""
        self._capture.put(self._ears.advance(self._capture.now))
        return self._capture.step()

    def close(self) -> None:
        """End both."""
        self._capture.close()
        self._ears.close()


def _as_told(fact: Wake | Speech | Coverage) -> Iterator[Wake | Speech | Coverage]:
    """Yield long coverage in such stretches as a service tells it in: readers rely on that."""
    if not isinstance(fact, Coverage) or fact.lost:
        yield fact
        return
    begin = fact.time
    while begin < fact.ended_at:
        yield replace(fact, time=begin, ended_at=min(begin + FLUSH_S, fact.ended_at))
        begin += FLUSH_S


def _begin(fact: SoundFact) -> float:
    return float("-inf") if isinstance(fact, Ear | Placement) else fact.time
