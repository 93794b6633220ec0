# SPDX-License-Identifier: GPL-2.0-or-later
"""The ears' service: what microphones hear, through the ears, into ledger and status."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing

from appliance import __version__
from appliance.clocks import Boot, read_clocks
from appliance.ears.engine import EngineError
from appliance.events import Coverage, Service, Wake
from appliance.health.trouble import Episodes, Trouble
from appliance.judge import CAPTURE
from appliance.ledger import Fact, Ledger, open_findings
from appliance.limits import FLUSH_S, NEAR_MISS_S, SPEECH_FLUSH_S, STATUS_S, STATUS_STALE_S
from appliance.listening.listener import Listener
from appliance.listening.uploads import Uploads
from appliance.listening.words import wake_words
from appliance.outbox import Outbox
from appliance.rules import Rules
from appliance.serve import NOTICE, WARNING, say
from appliance.settings import Settings
from appliance.speakers.registry_file import RegistryReader
from appliance.status import CaptureStatus, EarStatus, in_words, read_status, write_status


class EarsService:
    """One step after another; whoever runs it decides when.

    A wake word is written at once. Near misses and speech are held back (``Held``) until an upload is known near them,
    and the ears never claim to have heard beyond what is held unless the capture has told all uploads until then: so
    whoever judges an upload finds all that was heard around it, or waits.
    """

    def __init__(
        self, settings: Settings, rules: Rules, boot: Boot, open_ledger: Callable[[], tuple[Ledger, int]]
    ) -> None:
        """Take this boot, and what opens the ledger for this service. Raises EngineError if no engine can be had."""
        self._settings = settings
        self._rules = rules
        self._boot = boot
        self._registry = RegistryReader(settings.paths.registry)
        self._registry.changed()
        self._words = wake_words(self._registry.inventory, rules, settings.ears.words)
        self._out = Outbox(open_ledger)
        self._started_at = self._status_at = self._flushed_at = self._spoken_at = now = self.now
        self._uploads = self._follow(now)
        self._out.put(self._resume())
        self._listeners = [Listener(each, rules, self._words, now) for each in settings.ears.microphones]
        self._capture_told = float("inf")  #: up to when the capture has told all uploads
        self._told = dict.fromkeys((each.name for each in self._listeners), now)
        with closing(self._out.ledger.reader()) as reader:
            self._episodes = Episodes(open_findings(reader, self._out.boot, Service.EARS))
        self._look(now)
        self._tell("starting", now)

    @property
    def now(self) -> float:
        """Steady time, in seconds."""
        return self._boot.steady(read_clocks())

    def step(self) -> bool:
        """Hear what came since the last step; goes on for ever."""
        now = self.now
        news: list[Fact] = [wake for each in self._listeners for wake in each.step(now)]
        if now - self._status_at >= STATUS_S:
            self._status_at = now
            news += self._look(now)
        windows = self._uploads.look(now)
        for each in self._listeners:
            news += each.held.near(windows)
        self._write(news, now)
        if self._status_at == now:
            self._tell("listening" if self._listeners else "no microphone is set", now)
        return True

    def close(self) -> None:
        """Let the microphones go, write everything, and end."""
        now = self.now
        news: list[Fact] = [wake for each in self._listeners for wake in each.close()]
        news += [speech for each in self._listeners for speech in each.held.ended(float("inf"))]
        self._capture_told, self._flushed_at = float("inf"), float("-inf")
        self._write(news, now)
        self._tell("stopped", now)
        self._uploads.close()
        self._out.close()

    def _write(self, news: list[Fact], now: float) -> None:
        """Write what is due, with the coverage that it was heard in."""
        if now - self._spoken_at >= SPEECH_FLUSH_S:
            self._spoken_at = now
            for each in self._listeners:
                news += each.held.ended(each.stretches.until)
        everything = bool(news) or now - self._flushed_at >= FLUSH_S
        if everything:
            self._flushed_at = now
        for each in self._listeners:
            if everything or each.stretches.due:
                news += each.stretches.take(self._complete(each))
        self._out.put(news)
        if self._out.ledger is not self._followed:
            self._uploads.close()
            self._uploads = self._follow(now)
        if not len(self._out):
            self._told = {each.name: max(self._complete(each), self._told[each.name]) for each in self._listeners}

    def _complete(self, listener: Listener) -> float:
        """Return up to when nobody can need more of what the ear heard than is written."""
        return min(listener.stretches.until, max(listener.held.since, self._capture_told))

    def _look(self, now: float) -> list[Fact]:
        """Look at what changes slowly: the house's words, how far the capture is, what is wrong."""
        capture = read_status(self._settings.paths.run, CAPTURE, CaptureStatus)
        watching = capture and capture.boot == self._boot.id and now - capture.time < STATUS_STALE_S
        self._capture_told = capture.covered_until if capture and watching else float("inf")
        heard = self._listen_for() if self._registry.changed() else []
        return [*heard, *self._episodes.feed(now, self._troubles())]

    def _listen_for(self) -> list[Wake]:
        """Follow the house: its speakers' words."""
        words = wake_words(self._registry.inventory, self._rules, self._settings.ears.words)
        if words == self._words:
            return []
        try:
            heard = [wake for each in self._listeners for wake in each.listen_for(words)]
        except EngineError as error:
            say(WARNING, f"{error}; the ears listen for the same words as before")
            return []
        self._words = words
        say(NOTICE, f"listening for {', '.join(sorted(words)) if words else 'all wake words'}")
        return heard

    def _troubles(self) -> Iterator[Trouble]:
        for each in self._listeners:
            yield from each.troubles()

    def _follow(self, now: float) -> Uploads:
        self._followed = self._out.ledger
        return Uploads(self._followed.reader(), self._out.boot, self._rules.verdicts, now - NEAR_MISS_S)

    def _resume(self) -> list[Fact]:
        """Return the coverage that a service which was killed told in its status, and did not come to write."""
        before = read_status(self._settings.paths.run, Service.EARS, EarStatus)
        if before is None or before.boot != self._boot.id:
            return []
        return [
            Coverage(ear.covered_since, ear.covered_until, name)
            for name, ear in before.ears.items()
            if ear.covered_since < ear.covered_until
        ]

    def _tell(self, state: str, now: float) -> None:
        status = EarStatus(
            service=Service.EARS,
            boot=self._boot.id,
            time=now,
            started_at=self._started_at,
            pid=os.getpid(),
            state=in_words(state, self._out.problem),
            version=__version__,
            ears={each.name: each.status(self._told[each.name]) for each in self._listeners},
        )
        try:
            write_status(self._settings.paths.run, status)
        except OSError as error:
            say(WARNING, f"status cannot be written: {error}")
