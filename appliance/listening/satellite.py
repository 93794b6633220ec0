# SPDX-License-Identifier: GPL-2.0-or-later
"""The ears' service of a satellite: microphones in, facts to the hub. The sound itself goes nowhere."""

import os
from collections.abc import Iterable, Iterator

from appliance import __version__
from appliance.clocks import Boot, read_clocks
from appliance.ears.engine import EngineError
from appliance.events import Service
from appliance.limits import SATELLITE_STATE_CHARACTERS, STATUS_S
from appliance.listening.listener import Listener
from appliance.rules import Rules
from appliance.satellites.messages import Microphone
from appliance.satellites.sender import Sender
from appliance.satellites.waiting import Fact
from appliance.serve import NOTICE, WARNING, say
from appliance.settings import Settings
from appliance.status import HEARS, EarStatus, in_words, write_status

_ALWAYS = ((float("-inf"), float("inf")),)


class SatelliteService:
    """One step after another; whoever runs it decides when.

    Everything that is heard is told at once, near misses too: the hub knows the uploads, and holds back what is not
    near one.
    """

    def __init__(self, settings: Settings, rules: Rules, boot: Boot, sender: Sender) -> None:
        """Take this boot, and the way to the hub.

        Raises EngineError if no engine can be had, and ValidationError for a microphone whose name a hub cannot take.
        """
        self._settings = settings
        self._boot = boot
        self._sender = sender
        self._words: frozenset[str] | None = None
        self._started_at = self._status_at = now = self.now
        self._listeners = [Listener(each, rules, self._words, now) for each in settings.ears.microphones]
        sender.put((), [*self._microphones()])
        sender.start()

    @property
    def now(self) -> float:
        """Steady time of this machine, in seconds."""
        return self._boot.steady(read_clocks())

    def step(self) -> bool:
        """Hear what came since the last step; goes on for ever, unless the hub's thread died: then begin anew."""
        now = self.now
        facts = [fact for each in self._listeners for fact in _told(each, each.step(now))]
        self._sender.put(facts, [*self._microphones()])
        if now - self._status_at >= STATUS_S:
            self._status_at = now
            self._listen_for()
            self._tell(HEARS if self._listeners else "no microphone is set", now)
        return self._sender.alive

    def close(self) -> None:
        """Let the microphones go, tell everything, and end."""
        self._sender.put((fact for each in self._listeners for fact in _told(each, each.close())), ())
        self._sender.close()
        self._tell("stopped", self.now)

    def _listen_for(self) -> None:
        """Listen for what the hub wants listened for."""
        words = self._sender.words
        if words is not None:
            words |= set(self._settings.ears.words)
        if words == self._words:
            return
        self._words = words
        try:
            for each in self._listeners:
                self._sender.put(_told(each, each.listen_for(words)))
        except EngineError as error:
            say(WARNING, f"{error}; the ears listen for the same words as before")
        else:
            say(NOTICE, f"listening for {', '.join(sorted(words)) if words else 'all wake words'}")

    def _microphones(self) -> Iterator[Microphone]:
        for each, settings in zip(self._listeners, self._settings.ears.microphones, strict=True):
            status = each.status(self.now)
            state = status.state[:SATELLITE_STATE_CHARACTERS]
            yield Microphone(name=each.name, room=settings.room, level=status.level, state=state)

    def _tell(self, state: str, now: float) -> None:
        waiting = f"{self._sender.backlog} facts wait for the hub" if self._sender.problem else ""
        dropped = f"{self._sender.dropped} facts found no room" if self._sender.dropped else ""
        status = EarStatus(
            service=Service.EARS,
            boot=self._boot.id,
            time=now,
            started_at=self._started_at,
            pid=os.getpid(),
            state=in_words(state, self._sender.problem, waiting, dropped),
            version=__version__,
            ears={each.name: each.status(now) for each in self._listeners},
        )
        try:
            write_status(self._settings.paths.run, status)
        except OSError as error:
            say(WARNING, f"status cannot be written: {error}")


def _told(listener: Listener, wakes: Iterable[Fact]) -> Iterator[Fact]:
    """Yield what an ear heard, and behind it when it listened."""
    yield from wakes
    yield from listener.held.near(_ALWAYS)
    yield from listener.stretches.take(float("inf"))
