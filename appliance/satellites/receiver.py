# SPDX-License-Identifier: GPL-2.0-or-later
"""The thread that keeps the account of satellites' ears, and the way to it for those who answer their requests."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from threading import Event, Thread

from appliance.clocks import Boot, read_clocks
from appliance.heard.words import wake_words
from appliance.ledger import Ledger, LedgerError
from appliance.limits import HUB_TICK_S, LEDGER_RETRY_S, SATELLITE_WRITES_S, SATELLITES, STATUS_S
from appliance.rules import Rules
from appliance.satellites.messages import Answer, Report, Request, Welcome
from appliance.satellites.reception import Reception
from appliance.satellites.roster import Roster, Satellite
from appliance.serve import NOTICE, WARNING, say
from appliance.settings import Settings
from appliance.speakers.registry_file import RegistryReader


class ReceiverError(Exception):
    """A report could not be written now; it is harmless to send it again."""


@dataclass(slots=True)
class _Asked:
    satellite: str
    report: Report
    following: int = 0
    written: Future[int] = field(default_factory=Future)


class Receiver:
    """Answers satellites. What a report says is on the disk before it is answered. Any thread may call."""

    def __init__(
        self, settings: Settings, rules: Rules, boot: Boot, open_ledger: Callable[[], tuple[Ledger, int]]
    ) -> None:
        """Take what opens the ledger for the ears; it is opened in this one's own thread."""
        self.roster = Roster(settings.paths.satellites)
        self._settings = settings
        self._rules = rules
        self._boot = boot
        self._open_ledger = open_ledger
        self._registry = RegistryReader(settings.paths.registry)
        self._words: list[str] | None = None
        self._asked: Queue[_Asked] = Queue(SATELLITES)
        self._ended = Event()
        self._thread = Thread(target=self._serve, name="satellites", daemon=True)

    @property
    def now(self) -> float:
        """Steady time, in seconds."""
        return self._boot.steady(read_clocks())

    def start(self) -> None:
        """Begin."""
        self._listen_for()
        self._thread.start()

    def close(self) -> None:
        """Write everything, and end."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def admit(self, request: Request) -> Welcome:
        """Let a satellite in that knows the secret of an invitation. Raises RosterError."""
        clocks = read_clocks()
        steady = self._boot.steady(clocks)
        return Welcome(token=self.roster.admit(request.secret, request.name, self._boot.id, steady, clocks.wall / 1e9))

    def report(self, satellite: Satellite, report: Report) -> Answer:
        """Take a report, and wait until it is written. Raises ReceiverError if that takes too long."""
        received = self.now
        asked = _Asked(satellite.name, report)
        try:
            self._asked.put_nowait(asked)
            following = asked.written.result(SATELLITE_WRITES_S)
        except (Full, TimeoutError):
            raise ReceiverError("the hub cannot write what it is told now: it is busy, or its disk is") from None
        words = self._words
        return Answer(boot=self._boot.id, received=received, answered=self.now, next=following, words=words)

    def _serve(self) -> None:
        while not self._ended.is_set():
            if self._asked.empty() and not self.roster.satellites:  # most homes have none, and none costs nothing
                self._ended.wait(STATUS_S)
                continue
            try:
                self._receive(Reception(self._settings, self._rules, self._boot, self._open_ledger, self.now))
            except Exception as error:  # noqa: BLE001 - whatever a report led to, the next ones are heard
                say(WARNING, f"satellites are not heard: {error if isinstance(error, LedgerError) else repr(error)}")
                self._ended.wait(LEDGER_RETRY_S)

    def _receive(self, reception: Reception) -> None:
        looked_at = told_at = float("-inf")
        waiting: list[_Asked] = []
        while not self._ended.is_set():
            waiting += self._news()
            now = self.now
            for each in waiting:
                each.following = each.following or reception.take(each.satellite, each.report, now)
            if reception.write(now):
                for each in waiting:
                    each.written.set_result(each.following)
                    told_at = float("-inf")  # the judge waits for it
                waiting = []
            waiting = waiting[-SATELLITES:]
            if now - looked_at >= STATUS_S:
                looked_at = now
                self._look(reception)
            if now - told_at >= STATUS_S:
                told_at = now
                self._tell(reception, now)
        reception.close(self.now)

    def _news(self) -> list[_Asked]:
        """Return the reports that came; wait for one a little."""
        news: list[_Asked] = []
        with suppress(Empty):
            news.append(self._asked.get(timeout=HUB_TICK_S))
            while True:
                news.append(self._asked.get_nowait())
        return news

    def _look(self, reception: Reception) -> None:
        """Look at what changes slowly."""
        if self._registry.changed():
            self._listen_for()
        for gone in reception.satellites - {each.name for each in self.roster.satellites}:
            say(NOTICE, f"the satellite {gone!r} is none any more")
            reception.forget(gone)

    def _tell(self, reception: Reception, now: float) -> None:
        try:
            reception.tell(now)
        except OSError as error:
            say(WARNING, f"status cannot be written: {error}")

    def _listen_for(self) -> None:
        self._registry.changed()
        words = wake_words(self._registry.inventory, self._rules, self._settings.ears.words)
        self._words = None if words is None else sorted(words)
