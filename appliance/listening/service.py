# SPDX-License-Identifier: GPL-2.0-or-later
"""The ears' service: what microphones hear, through the ears, into ledger and status."""

import os
from collections.abc import Callable, Iterator

from appliance import __version__
from appliance.clocks import Boot, read_clocks
from appliance.ears.engine import EngineError
from appliance.events import Service, Wake
from appliance.health.trouble import Episodes, Trouble
from appliance.heard.account import Account
from appliance.heard.words import wake_words
from appliance.ledger import Fact, Ledger
from appliance.limits import STATUS_S
from appliance.listening.listener import Listener
from appliance.rules import Rules
from appliance.serve import NOTICE, WARNING, say
from appliance.settings import Settings
from appliance.speakers.registry_file import RegistryReader
from appliance.status import EarStatus, in_words, write_status


class EarsService:
    """One step after another; whoever runs it decides when."""

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
        self._account = Account(settings.paths.run, Service.EARS, rules, boot, open_ledger)
        self._started_at = self._status_at = now = self.now
        self._listeners = [Listener(each, rules, self._words, now) for each in settings.ears.microphones]
        self._episodes = Episodes(self._account.findings())
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
        self._account.write(self._listeners, news, now)
        if self._status_at == now:
            self._tell("listening" if self._listeners else "no microphone is set", now)
        return True

    def close(self) -> None:
        """Let the microphones go, write everything, and end."""
        now = self.now
        self._account.close(self._listeners, [wake for each in self._listeners for wake in each.close()], now)
        self._tell("stopped", now)

    def _look(self, now: float) -> list[Fact]:
        """Look at what changes slowly: the house's words, how far the capture is, what is wrong."""
        self._account.look(now)
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

    def _tell(self, state: str, now: float) -> None:
        status = EarStatus(
            service=Service.EARS,
            boot=self._boot.id,
            time=now,
            started_at=self._started_at,
            pid=os.getpid(),
            state=in_words(state, self._account.out.problem),
            version=__version__,
            ears={
                each.name: each.status(self._account.told.get(each.name, self._started_at)) for each in self._listeners
            },
        )
        try:
            write_status(self._settings.paths.run, status)
        except OSError as error:
            say(WARNING, f"status cannot be written: {error}")
