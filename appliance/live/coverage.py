# SPDX-License-Identifier: GPL-2.0-or-later
"""What the capture may say of its own watching: from when to when, and where it lost frames. Pure."""

from appliance.events import CAPTURE, Coverage
from appliance.limits import FLUSH_S, LOSS_FLUSH_S


class Watching:
    """Sums coverage up so that little is written; losses soon, since they excuse, the rest with facts or rarely."""

    def __init__(self, since: float) -> None:
        self.since = since  #: from when on everything was seen
        self._written = since
        self._until = since
        self._torn_at: float | None = None  # since when frames were lost that are not written yet
        self._lost = 0

    @property
    def told(self) -> float:
        """Up to when the ledger says all there is: losses that are not written yet hold it back."""
        return self._until if self._torn_at is None else self._torn_at

    def feed(self, until: float, lost: int) -> None:
        """Take it that the time went on, and how many frames were lost meanwhile."""
        if lost and self._torn_at is None:
            self._torn_at = self._until
        if lost:
            self.since = until
        self._lost += lost
        self._until = max(self._until, until)

    def due(self) -> bool:
        """Whether it is time to write, even if there are no other facts."""
        torn = self._torn_at is not None and self._until - self._torn_at >= LOSS_FLUSH_S
        return torn or self._until - self._written >= FLUSH_S

    def take(self) -> list[Coverage]:
        """Return the coverage that is not written yet; the caller writes it now."""
        stretches = []
        whole = self._until if self._torn_at is None else self._torn_at
        if whole > self._written:
            stretches.append(Coverage(self._written, whole, CAPTURE))
        if self._torn_at is not None:
            stretches.append(Coverage(self._torn_at, self._until, CAPTURE, self._lost))
        self._written, self._torn_at, self._lost = self._until, None, 0
        return stretches
