# SPDX-License-Identifier: GPL-2.0-or-later
"""The hub's service: follows the boot that the capture is in, judges it, notes who lives there, keeps within bounds."""

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace

from appliance import __version__
from appliance.clocks import Boot, read_clocks
from appliance.events import CAPTURE, NAMES_ONLY, Device, Ear, Finding, Service
from appliance.events import Placement as Placed
from appliance.evidence import Shelf, ShelfError
from appliance.evidence.settling import Settling
from appliance.health.health import Health
from appliance.health.machine import read
from appliance.household import Household, HouseholdError, evidence_settings
from appliance.hub.clearing import Reached
from appliance.hub.judging import Judging
from appliance.hub.satellites import settle_in
from appliance.judge import furniture
from appliance.ledger import HUB, Fact, Ledger, LedgerError, Reader, open_findings, unjudged
from appliance.ledger.retention import Keep, forget
from appliance.limits import FLUSH_S, FORGET_S, RESTORE_AFTER_S, STATUS_S
from appliance.outbox import Outbox
from appliance.rules import Rules
from appliance.serve import NOTICE, WARNING, say
from appliance.settings import EarsSettings, Placement, Settings
from appliance.speakers.registry import Registry
from appliance.speakers.registry_file import RegistryError
from appliance.status import CaptureStatus, HubStatus, in_words, read_ears, read_status, write_status
from appliance.upkeep.forgetting import Forgetter, Keeper
from appliance.upkeep.restore import is_staged, put_in_place
from appliance.wyoming.reports import Reports


class HubService:
    """One step after another; whoever runs it decides when."""

    def __init__(
        self,
        settings: Settings,
        rules: Rules,
        boot: Boot,
        open_ledger: Callable[[], Ledger],
        voices: Reports | None = None,
    ) -> None:
        """Take this machine's boot, what opens the ledger for the hub, and the voice satellites if there are any."""
        self.web_problem: Callable[[], str] = lambda: ""  #: what keeps the web beside from being served, in words
        self.missed_jobs: Callable[[], list[str]] = list  #: what should have been done by now and was not
        self.broken_channels: Callable[[], Mapping[str, str]] = dict  #: channels that take no alerts, and why, in words
        self._voices = voices
        self._settings = settings
        self._rules = rules
        self._boot = boot  # this machine's
        capture = read_status(settings.paths.run, CAPTURE, CaptureStatus)
        self._followed = capture.boot if capture else boot.id  # in a replay the capture makes up a boot of its own
        self._open = open_ledger
        now = read_clocks()
        if restored := put_in_place(settings.paths, now.wall / 1e9):
            say(NOTICE, f"a backup was restored: {', '.join(restored)}")
        self.registry = Registry(settings.paths.registry, now.wall / 1e9)
        self._introduce(settings.ears)
        self.household = Household(settings.paths.household)
        for problem in self.household.problems:
            say(WARNING, problem)
        self._settling = Settling()
        self._forgetter = Forgetter(self.household, Keeper(settings.paths.state, self.registry, self._shelf))
        self._played = furniture(settings.capture.sounds) if self._replays and settings.capture.sounds else []
        self._furnish(self._played)
        self._out = Outbox(self._open_ledger)
        self._started_at = self._status_at = self._flushed_at = self._forgot_at = boot.steady(now)
        self._staged_at = float("inf")  # since when a backup lies ready
        self._judge_the_past()
        self._judging = self._begin()
        before = read_status(settings.paths.run, HUB, HubStatus)
        usual = before.usual if before and before.boot == self._followed else {}
        self._health = Health(open_findings(self._reader, self._out.boot, Service.HUB), usual)

    def step(self) -> bool:
        """Judge what is new; goes on until a backup lies ready, which is put in place at the next start."""
        run = self._settings.paths.run
        capture = read_status(run, CAPTURE, CaptureStatus)
        if capture is not None and capture.boot != self._followed:
            self._follow(capture.boot)
        here = capture if capture and capture.boot == self._followed else None
        devices, verdicts = self._judging.step(here, *read_ears(run, self._followed))
        self._note(devices)
        now = self._boot.steady(read_clocks())
        if self._voices is not None:
            self._voices.step(now)
        news: list[Fact] = [*verdicts]
        if now - self._status_at >= STATUS_S:
            self._status_at = now
            if not self._replays:
                self._settle_in()
            news += self._feel()
            if mended := self._out.mended():
                news.append(Finding(now, now, Service.HUB, "ledger-mended", None, mended))
            self._tell("judging", now)
        if news or now - self._flushed_at >= FLUSH_S:
            self._flushed_at = now
            news += self._judging.progress()
        self._out.put(news)
        self._forget_what_was_asked()
        if now - self._forgot_at >= FORGET_S:
            self._forgot_at = now
            self._make_room()
            self._settle()
        return not self._is_to_begin_anew(now)

    def reached(self) -> Reached:
        """Return how far the judge has come; any thread may ask."""
        return Reached(self._out.boot, self._judging.until)

    def close(self) -> None:
        """Write everything, and end."""
        if self._voices is not None:
            self._voices.close(self._boot.steady(read_clocks()))
        self._out.put(self._judging.progress())
        self._out.close()
        self._reader.close()
        self.registry.close()
        self._tell("stopped", self._boot.steady(read_clocks()))

    def _introduce(self, ears: EarsSettings) -> None:
        """Note the ears of the settings, in the room that was said of them since; drop those that have left them."""
        named = _rooms(ears)
        known = {each.name: each for each in self.registry.inventory.ears}
        for name, room in named.items():
            before = known.get(name)
            if before is None or not before.by_settings or (room and before.room is None):
                self.registry.put_ear(name, (before and before.room) or room, by_settings=True)
        for name in {name for name, each in known.items() if each.by_settings} - named.keys():
            self.registry.remove_ear(name)

    def _furnish(self, played: list[Ear | Placed]) -> None:
        """Note the household of a replay as its owner's word, where he said nothing yet: pages find it furnished."""
        before = self.registry.inventory
        known = {each.mac for each in before.devices if each.touched} | {each.name for each in before.ears}
        for each in played:
            if isinstance(each, Ear) and each.ear not in known:
                self.registry.put_ear(each.ear, each.room)
            elif isinstance(each, Placed) and each.device not in known:
                said = {"name": each.name, "room": each.room, "wake_words": each.wake_words or None}
                self.registry.correct(each.device, said)

    @property
    def _shelf(self) -> Shelf:
        """The shelf, with what the household chose of it by now."""
        settings = evidence_settings(self._settings.evidence, self.household.choices.privacy)
        return Shelf(self._settings.paths.evidence, settings)

    @property
    def _replays(self) -> bool:
        return self._settings.capture.placement is Placement.REPLAY

    def _open_ledger(self) -> tuple[Ledger, int]:
        ledger = self._open()
        anchor = self._boot.anchor / 1e9 if self._followed == self._boot.id else 0.0
        return ledger, ledger.begin(self._followed, anchor)

    def _begin(self) -> Judging:
        self._known = self.registry.inventory
        self._reader = self._out.ledger.reader()
        return self._judge(self._reader, self._out.boot)

    def _judge(self, reader: Reader, boot: int) -> Judging:
        judging = Judging(reader, boot, self._rules, self.registry.inventory)
        judging.furnish(self.registry.inventory, self._played)
        return judging

    def _follow(self, boot: str) -> None:
        """Judge another boot from now on."""
        self._out.put(self._judging.progress())
        self._followed = boot
        self._out.boot = self._out.ledger.begin(boot, 0.0)
        self._reader.close()
        self._judging = self._begin()

    def _judge_the_past(self) -> None:
        """Give their verdicts to uploads of earlier boots, which nobody judged before the machine stopped."""
        with closing(self._out.ledger.reader()) as reader:
            for boot in unjudged(reader).keys() - {self._out.boot}:
                self._out.ledger.write(boot, self._judge(reader, boot).finish())

    def _note(self, devices: list[Device]) -> None:
        """Note devices as they were found; tell the judge what is new of the household, by whoever."""
        if devices:
            self.registry.see(devices, read_clocks().wall / 1e9)
        if (now := self.registry.inventory) is not self._known:
            before, self._known = self._known, now
            if now != before:
                self._judging.furnish(now, self._played)

    def _feel(self) -> list[Finding]:
        """Return what is new of the appliance's own health; a replay's times are not this machine's."""
        if self._replays:
            return []
        reading = read(self._settings.paths, self._boot, self.registry.inventory, len(self._out))
        broken = tuple(self.broken_channels().items())
        missed = tuple(self.missed_jobs())
        reading = replace(reading, web_problem=self.web_problem(), broken_channels=broken, missed_jobs=missed)
        return self._health.feed(reading)

    def _settle_in(self) -> None:
        """Follow which ears satellites have."""
        try:
            settle_in(self._settings.paths, self.registry)
        except (RegistryError, OSError) as error:
            say(WARNING, str(error))

    def _is_to_begin_anew(self, now: float) -> bool:
        """Whether a backup lies ready, long enough for whoever brought it to be told so."""
        if not is_staged(self._settings.paths):
            self._staged_at = float("inf")
            return False
        self._staged_at = min(self._staged_at, now)
        return now - self._staged_at >= RESTORE_AFTER_S

    def _forget_what_was_asked(self) -> None:
        """Drop a little of what the household wants forgotten."""
        try:
            self._forgetter.step(self._out.ledger, self._out.boot, read_clocks().wall / 1e9)
        except (LedgerError, ShelfError, RegistryError, HouseholdError, OSError) as error:
            say(WARNING, str(error))

    def _make_room(self) -> None:
        """Drop a little of the oldest if the ledger has grown too large."""
        try:
            forget(self._out.ledger, Keep(size=self._settings.ledger.max_mb * 1_000_000), *self.reached())
        except LedgerError as error:
            say(WARNING, str(error))

    def _settle(self) -> None:
        """Put beside evidence what ears heard."""
        household = [*self.registry.inventory.furniture(), *self._played]
        try:
            self._settling.step(self._shelf, self._reader, household, *self.reached())
        except (ShelfError, LedgerError) as error:
            say(WARNING, str(error))

    def _tell(self, state: str, now: float) -> None:
        status = HubStatus(
            service=HUB,
            boot=self._followed,
            time=now,
            started_at=self._started_at,
            pid=os.getpid(),
            state=in_words(state, self._out.problem),
            version=__version__,
            judged_until=self._judging.until if self._judging.until > float("-inf") else None,
            open_uploads=self._judging.judge.open_cases,
            findings=len(self._health.open),
            usual=self._health.usual,
            backlog=len(self._out),
        )
        try:
            write_status(self._settings.paths.run, status)
        except OSError as error:
            say(WARNING, f"status cannot be written: {error}")


def _rooms(ears: EarsSettings) -> dict[str, str | None]:
    """Return the room of each ear of the settings, by the name under which it tells what it heard."""
    microphones = {each.name: each.room for each in ears.microphones}
    return microphones | {NAMES_ONLY + each.name: each.room for each in ears.wyoming}
