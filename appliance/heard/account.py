# SPDX-License-Identifier: GPL-2.0-or-later
"""What ears write into the ledger, and the promise that goes with it.

A wake word is written at once. Near misses and speech are held back (``Held``) until an upload is known near them, and
no ear claims to have heard beyond what is held unless the capture has told all uploads until then: so whoever judges
an upload finds all that was heard around it, or waits.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from appliance.clocks import Boot
from appliance.events import CAPTURE, Coverage, Finding, Service
from appliance.heard.held import Held
from appliance.heard.stretches import Stretches
from appliance.heard.uploads import Uploads
from appliance.ledger import Fact, Ledger, open_findings
from appliance.limits import FLUSH_S, NEAR_MISS_S, SPEECH_FLUSH_S, STATUS_STALE_S
from appliance.outbox import Outbox
from appliance.rules import Rules
from appliance.status import CaptureStatus, EarStatus, read_status


class Hearing(Protocol):
    """One ear, with what it heard that is not in the ledger yet."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def held(self) -> Held:
        """What need not be written at once."""

    @property
    def stretches(self) -> Stretches:
        """When it listened."""


class Account:
    """Writes what ears heard; ``told`` says of each up to when all that could matter is in the ledger."""

    def __init__(
        self, run: Path, service: str, rules: Rules, boot: Boot, open_ledger: Callable[[], tuple[Ledger, int]]
    ) -> None:
        """Take the folder of status files, and the name of the service's own.

        The coverage that a service which was killed told there, and did not come to write, is written first.
        """
        self.out = Outbox(open_ledger)
        self.told: dict[str, float] = {}
        self._run = run
        self._rules = rules
        self._boot = boot
        self._capture_told = float("inf")  #: up to when the capture has told all uploads
        self._flushed_at = self._spoken_at = float("-inf")
        self._uploads: Uploads | None = None
        self._followed: Ledger | None = None
        self.out.put(self._resume(service))

    def findings(self) -> list[Finding]:
        """Return the findings of ears that an earlier run told and did not end."""
        with closing(self.out.ledger.reader()) as reader:
            return open_findings(reader, self.out.boot, Service.EARS)

    def look(self, now: float) -> None:
        """Look how far the capture has come; about once a second is meant."""
        capture = read_status(self._run, CAPTURE, CaptureStatus)
        watching = capture and capture.boot == self._boot.id and now - capture.time < STATUS_STALE_S
        self._capture_told = capture.covered_until if capture and watching else float("inf")

    def write(self, ears: Collection[Hearing], news: Iterable[Fact], now: float) -> None:
        """Write ``news``, and what else is due, with the coverage that it was heard in."""
        news = [*news, *self._due(ears, now)]
        everything = bool(news) or now - self._flushed_at >= FLUSH_S
        if everything:
            self._flushed_at = now
        for each in ears:
            if everything or each.stretches.due:
                news += each.stretches.take(self._complete(each))
        self.out.put(news)
        if not len(self.out):
            self.told = {each.name: max(self._complete(each), self.told.get(each.name, 0.0)) for each in ears}

    def close(self, ears: Collection[Hearing], news: Iterable[Fact], now: float) -> None:
        """Write everything, and end: nothing more will be heard."""
        last = [speech for each in ears for speech in each.held.ended(float("inf"))]
        self._capture_told = float("inf")
        self._flushed_at = float("-inf")
        self.write(ears, [*news, *last], now)
        if self._uploads is not None:
            self._uploads.close()
        self.out.close()

    def _due(self, ears: Collection[Hearing], now: float) -> list[Fact]:
        """Return what was held back and is due: what falls near uploads, and now and then the speech that ended."""
        windows = self._follow(now).look(now)
        news: list[Fact] = [fact for each in ears for fact in each.held.near(windows)]
        if now - self._spoken_at >= SPEECH_FLUSH_S:
            self._spoken_at = now
            news += [speech for each in ears for speech in each.held.ended(each.stretches.until)]
        return news

    def _complete(self, ear: Hearing) -> float:
        """Return up to when nobody can need more of what the ear heard than is written."""
        return min(ear.stretches.until, max(ear.held.since, self._capture_told))

    def _follow(self, now: float) -> Uploads:
        """Return the uploads of the ledger that is written to: another one, if it was damaged and is made anew."""
        if self._uploads is None or self._followed is not self.out.ledger:
            if self._uploads is not None:
                self._uploads.close()
            self._followed = self.out.ledger
            self._uploads = Uploads(self._followed.reader(), self.out.boot, self._rules.verdicts, now - NEAR_MISS_S)
        return self._uploads

    def _resume(self, service: str) -> list[Fact]:
        before = read_status(self._run, service, EarStatus)
        if before is None or before.boot != self._boot.id:
            return []
        return [
            Coverage(ear.covered_since, ear.covered_until, name)
            for name, ear in before.ears.items()
            if ear.covered_since < ear.covered_until
        ]
