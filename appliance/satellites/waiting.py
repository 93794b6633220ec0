# SPDX-License-Identifier: GPL-2.0-or-later
"""What a satellite heard and the hub does not have yet: kept through outages, told once and in order. Pure."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from appliance.ears.join import as_one, touch
from appliance.events import Coverage, Speech, Wake
from appliance.limits import FLUSH_S, SATELLITE_FACTS, SATELLITE_WAITING

Fact = Wake | Speech | Coverage


class Offer(NamedTuple):
    """Facts to be told together, and the number of the first."""

    first: int
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class _Listened:
    """One ear's coverage that is not told yet."""

    stretches: deque[Coverage] = field(default_factory=deque)
    lost_until: float = float("-inf")  # what was heard before is not all told any more

    def feed(self, fact: Coverage) -> None:
        fact = replace(fact, time=max(fact.time, self.lost_until))
        last = self.stretches[-1] if self.stretches else None
        if last and touch(last, fact) and fact.ended_at - last.time <= FLUSH_S and not last.lost + fact.lost:
            self.stretches[-1] = replace(last, ended_at=fact.ended_at)
        elif fact.time < fact.ended_at:
            self.stretches.append(fact)

    def lose(self, until: float) -> None:
        """Claim nothing up to then."""
        self.lost_until = max(self.lost_until, until)
        while self.stretches and self.stretches[0].ended_at <= until:
            self.stretches.popleft()
        if self.stretches and self.stretches[0].time < until:
            self.stretches[0] = replace(self.stretches[0], time=until)


class Waiting:
    """Facts as ears tell them: coverage comes after what was heard in it.

    What waits is joined, so that an hour is little. An offer stays as it is until the hub says that it has it; the
    next is made of what came meanwhile. If too much waits, the oldest is dropped, with the coverage that it was in:
    then the ear did not hear, as far as anybody can tell.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._heard: deque[Wake | Speech] = deque()
        self._listened: dict[str, _Listened] = {}
        self._next = 1
        self._offer: tuple[Fact, ...] = ()

    def __len__(self) -> int:
        """Return how many facts wait."""
        return len(self._offer) + len(self._heard) + sum(len(each.stretches) for each in self._listened.values())

    def put(self, facts: Iterable[Fact]) -> None:
        """Take facts in the order in which the ears told them."""
        for fact in facts:
            if isinstance(fact, Coverage):
                self._listened.setdefault(fact.source, _Listened()).feed(fact)
            elif isinstance(fact, Speech):
                self._join(fact)
            else:
                self._heard.append(fact)
            self._bound()

    def offer(self) -> Offer:
        """Return what is to be told now: the same again, until it is delivered."""
        if not self._offer:
            heard = [self._heard.popleft() for _ in range(min(len(self._heard), SATELLITE_FACTS // 2))]
            self._offer = (*heard, *self._covered(SATELLITE_FACTS - len(heard)))
        return Offer(self._next, self._offer)

    def delivered(self, following: int) -> None:
        """The hub has everything before this number."""
        has = min(max(0, following - self._next), len(self._offer))
        self._offer = self._offer[has:]
        self._next += has

    def _join(self, fact: Speech) -> None:
        """Put speech behind what the same ear told before, or to it if it goes on."""
        for at in range(len(self._heard) - 1, -1, -1):
            last = self._heard[at]
            if last.ear == fact.ear:
                goes_on = isinstance(last, Speech) and last.kind == fact.kind and touch(last, fact)
                if isinstance(last, Speech) and goes_on and fact.ended_at - last.time <= FLUSH_S:
                    self._heard[at] = as_one(last, fact)
                    return
                break
        self._heard.append(fact)

    def _covered(self, most: int) -> list[Coverage]:
        """Take out the coverage of ears of which everything that they heard is told by now."""
        behind = {fact.ear for fact in self._heard}
        taken: list[Coverage] = []
        for name, listened in self._listened.items():
            while name not in behind and listened.stretches and len(taken) < most:
                taken.append(listened.stretches.popleft())
        return taken

    def _bound(self) -> None:
        """Drop the oldest if too much waits."""
        if len(self._heard) > SATELLITE_WAITING:
            gone = self._heard.popleft()
            self._listened.setdefault(gone.ear, _Listened()).lose(
                gone.time if isinstance(gone, Wake) else gone.ended_at
            )
            self.dropped += 1
        for each in self._listened.values():
            if len(each.stretches) > SATELLITE_WAITING:
                each.stretches.popleft()
                self.dropped += 1
