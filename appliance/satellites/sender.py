# SPDX-License-Identifier: GPL-2.0-or-later
"""What a satellite hears, on its way to the hub: a thread, so that ears never wait for a network."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from threading import Event, Lock, Thread

from appliance.events import Wake
from appliance.limits import SATELLITE_FACTS, SATELLITE_REFUSED_S, SATELLITE_REPORT_S, SATELLITE_RETRY_S
from appliance.satellites.clock import HubClock
from appliance.satellites.hub import Hub, HubError
from appliance.satellites.messages import Line, Microphone, Report, line
from appliance.satellites.waiting import Fact, Waiting
from appliance.serve import NOTICE, WARNING, say


class Sender:
    """Tells the hub twice a second what came, wake words at once; what it cannot tell waits."""

    def __init__(self, hub: Hub, now: Callable[[], float]) -> None:
        """Take the way to the hub, and the clock by which facts have their times, in seconds."""
        self.problem = ""  #: why the hub is not told, in words; empty if it is
        self.words: frozenset[str] | None = None  #: what the hub wants listened for; None: all there is
        self._hub = hub
        self._now = now
        self._run = secrets.token_hex(8)
        self._boot: str | None = None  # of the hub, that its time is of
        self._clock = HubClock()
        self._lock = Lock()
        self._waiting = Waiting()
        self._microphones: Sequence[Microphone] = ()
        self._urgent = Event()
        self._ended = Event()
        self._thread = Thread(target=self._serve, name="sender", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def put(self, facts: Iterable[Fact], microphones: Sequence[Microphone] | None = None) -> None:
        """Take what was heard, and how the microphones are, if that was looked at."""
        facts = list(facts)
        with self._lock:
            self._waiting.put(facts)
            self._microphones = self._microphones if microphones is None else microphones
        if any(isinstance(fact, Wake) and not fact.near_miss for fact in facts):
            self._urgent.set()

    @property
    def backlog(self) -> int:
        """How many facts wait."""
        with self._lock:
            return len(self._waiting)

    @property
    def dropped(self) -> int:
        """How many found no room."""
        return self._waiting.dropped

    @property
    def alive(self) -> bool:
        """Whether it is at work, as it is until it is closed."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Tell what was heard last, if the hub answers, and end."""
        self._ended.set()
        self._urgent.set()
        self._thread.join(SATELLITE_RETRY_S)

    def _serve(self) -> None:
        while not self._ended.is_set():
            pause = self._tell()
            (self._ended if self.problem else self._urgent).wait(pause)
            self._urgent.clear()
        if not self.problem:
            self._tell()
        self._hub.close()

    def _tell(self) -> float:
        """Tell what waits; return for how long to wait then."""
        try:
            more = self._exchange()
        except HubError as error:
            if str(error) != self.problem:
                say(WARNING, f"the hub is not told what is heard: {error}")
            self.problem = str(error)
            return SATELLITE_REFUSED_S if error.refused else SATELLITE_RETRY_S
        if self.problem:
            say(NOTICE, "the hub is told again what is heard")
        self.problem = ""
        return 0.0 if more else SATELLITE_REPORT_S

    def _exchange(self) -> bool:
        """Report once; return whether there is more to tell at once. Raises HubError."""
        with self._lock:
            offer, microphones = self._waiting.offer(), list(self._microphones)
        known = self._clock.known
        report = Report(
            run=self._run,
            boot=self._boot if known else None,
            first=offer.first,
            facts=[self._line(fact) for fact in offer.facts] if known else [],
            microphones=microphones,
        )
        answer, exchange = self._hub.report(report, self._now)
        if answer.boot != self._boot:
            self._boot, self._clock = answer.boot, HubClock()
        self._clock.feed(exchange)
        self.words = None if answer.words is None else frozenset(answer.words)
        with self._lock:
            self._waiting.delivered(answer.next)
        return self._clock.known and (not known or len(offer.facts) >= SATELLITE_FACTS // 2)

    def _line(self, fact: Fact) -> Line:
        end = fact.time if isinstance(fact, Wake) else fact.ended_at
        return line(fact, *(round(self._clock.hubs(each), 3) for each in (fact.time, end)))
