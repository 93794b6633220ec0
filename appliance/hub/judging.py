# SPDX-License-Identifier: GPL-2.0-or-later
"""The judging of one boot: facts out of the ledger in, verdicts out; after a restart it goes on where it stood."""

from collections.abc import Iterable, Iterator

from appliance.events import CAPTURE, Coverage, Device, Ear, Placement, Verdict
from appliance.judge import Judge
from appliance.ledger import HUB, Follower, Reader, false_wakes, resume_point
from appliance.rules import Rules
from appliance.speakers.inventory import Inventory
from appliance.status import CaptureStatus, EarStatus


class Judging:
    """Feeds one judge from one boot's rows; verdicts that the ledger has already are given again, and harmless."""

    def __init__(self, reader: Reader, boot: int, rules: Rules, inventory: Inventory) -> None:
        since = resume_point(reader, boot)
        self.judge = Judge(rules)
        if since > float("-inf"):
            self.judge.recall(false_wakes(reader, boot, since))
        self._follower = Follower(reader, boot, since)
        self._inventory = inventory
        self._told = self.until = float("-inf")  #: up to when everything is judged, but for what waits for its end
        self.furnish(inventory)

    def furnish(self, inventory: Inventory, played: Iterable[Ear | Placement] = ()) -> None:
        """Take the household as its owner describes it now."""
        self._inventory = inventory
        for fact in (*inventory.described(), *inventory.furniture(), *played):
            self.judge.feed(fact)

    def step(self, capture: CaptureStatus | None, *ears: EarStatus | None) -> tuple[list[Device], list[Verdict]]:
        """Judge what is new; the statuses were read before. Returns devices as they were found, and verdicts."""
        devices: list[Device] = []
        verdicts: list[Verdict] = []
        for fact in self._follower.new():
            if isinstance(fact, Device):
                devices.append(fact)
                verdicts += self.judge.feed(self._inventory.corrected(fact))
                continue
            verdicts += self.judge.feed(fact)
            if isinstance(fact, Coverage) and fact.source == CAPTURE and not fact.lost:  # a replay knows losses early
                verdicts += self._advance(fact.ended_at)
        for listening in (listening for each in ears for listening in _listening(each)):
            verdicts += self.judge.feed(listening)
        if capture is not None and capture.covered_until > self.until:
            since = max(capture.covered_since, self.until)
            verdicts += self.judge.feed(Coverage(since, capture.covered_until, CAPTURE))
            verdicts += self._advance(capture.covered_until)
        return devices, verdicts

    def finish(self) -> list[Verdict]:
        """Judge all there is: nothing more will come of this boot."""
        return [*self.step(None)[1], *self.judge.finish()]

    def progress(self) -> list[Coverage]:
        """Return how far the judge has come since the last call, to be written with the verdicts."""
        if not self._told < self.until < float("inf"):
            return []
        since, self._told = self._told, self.until
        return [Coverage(max(since, 0.0), self.until, HUB)]

    def _advance(self, time: float) -> list[Verdict]:
        self.until = max(self.until, time)
        return self.judge.advance(self.until)


def _listening(ears: EarStatus | None) -> Iterator[Coverage]:
    for name, ear in ears.ears.items() if ears else ():
        yield Coverage(ear.covered_since, ear.covered_until, name, ear.lost)
