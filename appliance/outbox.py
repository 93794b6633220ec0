# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts on their way into the ledger: kept while it cannot be written, so that nothing that was seen is lost."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress

from appliance.events import Device, Name, Traffic
from appliance.ledger import Fact, Ledger, LedgerError
from appliance.ledger.errors import suspect
from appliance.limits import FACTS_WAITING, LEDGER_RETRY_S, STATUS_S


class Outbox:
    """Writes facts in order; those that could not be written wait, and are tried again.

    What a flood makes, descriptions of devices, names and traffic, takes half of the room at most: uploads and coverage
    find some.
    """

    def __init__(self, open_ledger: Callable[[], tuple[Ledger, int]]) -> None:
        """Take what opens the ledger, and gives the boot's number in it; it is called anew if the ledger is damaged."""
        self._open = open_ledger
        self.ledger, self.boot = open_ledger()
        self._mended = self.ledger.mended
        self.problem = ""  #: why facts wait, in words; empty if they do not
        self.evicted = 0  #: facts turned away because too many waited
        self._waiting: deque[Fact] = deque()
        self._retry_at = 0.0
        self._looked_at = time.monotonic()

    def mended(self) -> str:
        """Return what was found damaged at opening and what became of it, in words, once; mostly empty."""
        words, self._mended = self._mended, ""
        return words

    def __len__(self) -> int:
        """Return how many facts wait."""
        return len(self._waiting)

    def put(self, facts: Iterable[Fact]) -> list[int | None]:
        """Write facts, with those that wait; return their ids, the waiting ones' first, or nothing if they wait."""
        for fact in facts:
            plenty = isinstance(fact, Device | Name | Traffic)
            if len(self._waiting) < (FACTS_WAITING // 2 if plenty else FACTS_WAITING):
                self._waiting.append(fact)
            else:
                self.evicted += 1
        if time.monotonic() < self._retry_at:
            return []
        self._look()
        if not self._waiting:
            return []
        try:
            ids = self.ledger.write(self.boot, self._waiting)
        except LedgerError as error:
            self._fail(error)
            return []
        self.problem = ""
        self._waiting.clear()
        return ids

    def close(self) -> None:
        """Try a last time, and close the ledger."""
        self._retry_at = 0.0
        self.put(())
        with suppress(LedgerError):
            self.ledger.close()

    def _look(self) -> None:
        """Let go of a ledger that somebody found damaged, or that a restored one shall take the place of."""
        if time.monotonic() - self._looked_at >= STATUS_S:
            self._looked_at = time.monotonic()
            if suspect(self.ledger.path).exists():
                self._open_anew()

    def _fail(self, error: LedgerError) -> None:
        self.problem = str(error)
        self._retry_at = time.monotonic() + LEDGER_RETRY_S
        if error.damaged:
            self._open_anew()

    def _open_anew(self) -> None:
        with suppress(LedgerError):
            self.ledger.close()
        try:
            self.ledger, self.boot = self._open()
            self._mended = self.ledger.mended
        except LedgerError as error:
            self.problem = str(error)
            self._retry_at = time.monotonic() + LEDGER_RETRY_S
