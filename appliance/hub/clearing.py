# SPDX-License-Identifier: GPL-2.0-or-later
"""What is older than the household wants to keep it goes: facts, and the captures beside them. Each is a job.

That no more is kept than there is room for is seen to elsewhere, as it comes: by the hub for facts, each minute, and by
whoever puts a capture on the shelf.
"""

from collections.abc import Callable
from contextlib import closing
from threading import Event
from time import monotonic
from typing import NamedTuple

from appliance.clocks import Reading, read_clocks
from appliance.evidence import Shelf
from appliance.household import Household, evidence_settings, ledger_settings
from appliance.ledger import Ledger
from appliance.ledger.retention import Keep, forget
from appliance.limits import CLEARING_PAUSE_S, CLEARING_S
from appliance.settings import Settings


class Reached(NamedTuple):
    """How far the judge has come: what it still needs is never too old."""

    boot: int
    until: float  #: steady seconds


class Clearing:
    """Clears away what is old; belongs to no thread, and opens what it needs."""

    def __init__(
        self,
        settings: Settings,
        household: Household,
        open_ledger: Callable[[], Ledger],
        reached: Callable[[], Reached],
        clocks: Callable[[], Reading] = read_clocks,
    ) -> None:
        """Take what opens the ledger for the hub, how far the judge has come by now, and the machine's clocks."""
        self._settings = settings
        self._household = household
        self._open = open_ledger
        self._reached = reached
        self._clocks = clocks
        self._over = Event()

    def facts(self) -> str:
        """Drop facts that are too old, a batch at a time, for CLEARING_S at most; say how many. Raises LedgerError."""
        chosen = ledger_settings(self._settings.ledger, self._household.choices.privacy)
        keep = Keep(chosen.keep_days, chosen.keep_traffic_days, sounds_days=chosen.keep_sounds_days)
        dropped, until = 0, monotonic() + CLEARING_S
        with closing(self._open()) as ledger:
            while batch := forget(ledger, keep, *self._reached()):
                dropped += batch
                if self._over.wait(CLEARING_PAUSE_S) or monotonic() >= until:
                    return f"dropped {dropped} rows; the rest next time"
        return f"dropped {dropped} rows"

    def end(self) -> None:
        """Go on with nothing: the hub ends."""
        self._over.set()

    def captures(self) -> str:
        """Drop captures that are too old; say how many. Raises ShelfError."""
        now = self._clocks()
        if not now.synchronised:
            return "waits until a time server has set the clock"
        shelf = Shelf(
            self._settings.paths.evidence,
            evidence_settings(self._settings.evidence, self._household.choices.privacy),
        )
        return f"dropped {shelf.tidy(now.wall / 1e9)} captures"
