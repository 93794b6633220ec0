# SPDX-License-Identifier: GPL-2.0-or-later
"""The capture service: frames of a placement through the stages, and what comes of them into ledger and status."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace

from appliance import __version__
from appliance.capture import Fragments, Frames, parse
from appliance.capture.bpf import Watched
from appliance.clocks import read_clocks
from appliance.events import CAPTURE, Coverage, Device, Finding, Loss, Service, Traffic, Upload
from appliance.evidence import Evidence
from appliance.flows import Meter
from appliance.flows.addresses import mac_text
from appliance.household import HouseholdReader, evidence_settings
from appliance.ledger import Fact, Ledger, reached, unfinished
from appliance.ledger.remembered import known_devices, known_names
from appliance.limits import FACTS_WAITING, FLUSH_S, STATUS_S
from appliance.live.coverage import Watching
from appliance.live.dissector import Dissector
from appliance.live.filters import foremost, program, watched
from appliance.live.prober import Prober
from appliance.live.source import Source
from appliance.live.strangers import Strangers
from appliance.live.traffic import Minutes
from appliance.observer import Observed, Observer
from appliance.outbox import Outbox
from appliance.rules import Rules
from appliance.serve import NOTICE, WARNING, say
from appliance.settings import Placement, Settings
from appliance.speakers.registry_file import RegistryError, RegistryReader
from appliance.status import CaptureStatus, in_words, read_status, write_status


class CaptureService:
    """One step after another; whoever runs it decides when."""

    def __init__(
        self,
        settings: Settings,
        rules: Rules,
        source: Source,
        open_ledger: Callable[[], tuple[Ledger, int]],
    ) -> None:
        """Take an open source, and what opens the ledger for this service and gives the boot's number in it."""
        self._settings = settings
        self._source = source
        self._meter = Meter()
        self._dissector = Dissector()
        self.observer = Observer(rules, self._dissector.feed, self._meter)
        self._minutes = Minutes(self._meter, self.observer.watcher.role)
        self._fragments = Fragments()
        self._watching = Watching(source.since)
        self._registry = RegistryReader(settings.paths.registry)
        self._household = HouseholdReader(settings.paths.household)
        self._household.changed()
        self._evidence = Evidence(
            settings.paths.evidence,
            evidence_settings(settings.evidence, self._household.choices.privacy),
            self.observer.watcher.recollect,
            boot=source.boot.id,
            simulated=source.simulated,
            patient=settings.capture.placement is Placement.REPLAY,
        )
        self._watched = Watched()
        self._foremost: list[int] = []  # of its speakers those of which there is most to tell
        self._later: list[Fact] = []  # what can wait for the next flush
        self._flushed_at = self._status_at = source.since
        self._packets = self._bytes = self._lost = 0
        self._last_packet: float | None = None
        self._strangers = Strangers()
        self._prober = Prober(source.sender, settings.capture.interfaces, rules.speakers.services())
        self._met = True  # a device was described since the filter was looked at
        self._out = Outbox(open_ledger)
        self._out.put(self._resume())
        self._look(source.since)

    @property
    def now(self) -> float:
        """The steady time up to which frames were taken."""
        return max(self.observer.now, self._source.since)

    def step(self) -> bool:
        """Take what came since the last step; False when nothing will come any more."""
        batch = self._source.read()
        if batch is None:
            return False
        frames = parse(batch.packets, self._fragments)
        facts = [*self.observer.feed(frames), *self.observer.advance(batch.until)]
        for sighting in self._dissector.ready():
            facts += self.observer.see(sighting)
        self._count(frames)
        self._evidence.feed(frames)
        self._evidence.take(facts, batch.until)
        self._later += self._minutes.advance(batch.until)
        lost = self._source.lost() if self._due(batch.until) else 0
        self._lost += lost
        self._watching.feed(batch.until, lost)
        self._met |= any(isinstance(fact, Device) for fact in facts)
        self._write(facts, batch.until)
        if self._due(batch.until):
            self._look(batch.until)
        return True

    def put(self, facts: Iterable[Coverage]) -> None:
        """Write what somebody else knows of this capture: of one that is replayed, where it has gaps."""
        self._out.put(fact for fact in facts if fact.lost)

    def close(self) -> None:
        """Complete what is open, write everything, and end."""
        self._prober.close()
        self._dissector.close()
        facts: list[Observed] = []
        for sighting in self._dissector.ready():
            facts += self.observer.see(sighting)
        facts += self.observer.finish()
        now = self.observer.now
        self._evidence.take(facts, now)
        self._evidence.close()
        self._later += self._minutes.finish()
        self._watching.feed(now, self._source.lost())
        self._source.close()
        self._flushed_at = float("-inf")
        self._write(facts, now)
        self._tell("stopped")
        self._out.close()

    def _due(self, now: float) -> bool:
        return now - self._status_at >= STATUS_S or now < self._status_at

    def _resume(self) -> list[Fact]:
        """Take up what was known before; return what is to be said of the time in which nobody watched."""
        reader = self._out.ledger.reader()
        boot, now = self._out.boot, self._source.since
        for device in known_devices(reader, boot, now):
            if device.speaker:
                self.observer.recall(device)
        self.observer.flows.remember(known_names(reader, boot, now))
        for then, upload in unfinished(reader):
            self._out.ledger.write(then, [_ended(upload)])
        until = reached(reader, boot, Service.CAPTURE)
        reader.close()
        before = read_status(self._settings.paths.run, CAPTURE, CaptureStatus)
        if before is not None and before.boot == self._source.boot.id:
            until = max(until, before.covered_until)
        blind = now > until > float("-inf")
        return [Loss(until, now, None, "frames: the capture did not run", 0)] if blind else []

    def _count(self, frames: Frames) -> None:
        if len(frames):
            self._packets += len(frames)
            self._bytes += int(frames.packets.wire.sum())
            self._last_packet = float(frames.packets.time[-1]) / 1e9

    def _write(self, facts: Iterable[Observed], now: float) -> None:
        """Write facts at once, the rest when it is time; what a flood makes too many, counters, comes last."""
        news: list[Fact] = list(facts)
        flush = now - self._flushed_at >= FLUSH_S or len(self._later) > FACTS_WAITING // 2
        if news or flush or self._watching.due():
            news += self._watching.take()
        if flush:
            self._flushed_at = now
            news += sorted(self._later, key=lambda fact: isinstance(fact, Traffic))
            news += self.observer.flows.fresh_names()
            news += self.observer.exposures.take(map(mac_text, self._watched.speakers))
            self._later = []
        known = {each.mac for each in self._registry.inventory.devices}
        self._out.put(self._strangers.pass_on(news, known, now))

    def _look(self, now: float) -> None:
        """Look at what changes slowly: the registry, the interfaces, the clock; and tell how it is."""
        self._status_at = now
        if self._registry_changed() or self._met:
            self._met = False
            self._follow()
        self._prober.look(self._registry.inventory.probing)
        for words in self._source.look():
            say(NOTICE, words)
        corrections = self._source.corrections()
        self._evidence.take(corrections, now)
        self._later += corrections
        if mended := self._out.mended():
            self._later.append(Finding(now, now, Service.CAPTURE, "ledger-mended", None, mended))
        self._tell("watching")

    def _registry_changed(self) -> bool:
        before = self._registry.inventory.owners()
        try:
            changed = self._registry.changed()
        except RegistryError as error:
            say(WARNING, str(error))
            return False
        if changed:
            self.observer.welcome(self._registry.inventory.residents())
        if self._registry.inventory.owners() != before:
            self.observer.correct_all(self._registry.inventory.corrected)
            self.observer.watcher.teach(self._registry.inventory.voices())
        return changed

    def _follow(self) -> None:
        """Let in what the household calls for now."""
        whom = watched(self._registry.inventory, self.observer.speakers.devices(), read_clocks().wall / 1e9)
        if whom != self._watched:
            self._watched = whom
            self._source.watch(program(self._settings.capture.watch, whom))
            self._foremost = foremost(self._registry.inventory, whom.speakers)
            self._evidence.watch(self._foremost)

    def _tell(self, state: str) -> None:
        known = self.observer.flows.devices.known
        speakers = map(mac_text, self._registry.inventory.watched().union(self._foremost))
        status = CaptureStatus(
            service=CAPTURE,
            boot=self._source.boot.id,
            time=self._source.boot.steady(read_clocks()),
            started_at=self._watching.since,
            pid=os.getpid(),
            state=in_words(state, self._out.problem, self._evidence.problem),
            version=__version__,
            placement=self._settings.capture.placement,
            watch=self._settings.capture.watch,
            covered_since=self._watching.since,
            covered_until=self._watching.told,
            ports=self._source.ports(),
            packets=self._packets,
            bytes=self._bytes,
            lost=self._lost,
            last_packet=self._last_packet,
            last_seen={mac: known[mac].last for mac in speakers if mac in known},
            uploading=tuple(sorted(self.observer.watcher.uploading)),
            shed=self._shed(),
            probes=self._prober.sent,
            probed=self._prober.words,
        )
        try:
            write_status(self._settings.paths.run, status)
        except OSError as error:
            say(WARNING, f"status cannot be written: {error}")

    def _shed(self) -> dict[str, int]:
        counts = self.observer.shed() | {
            "frames that showed a device not dissected": self._dissector.dropped + self._dissector.failed,
            "facts that found no room": self._out.evicted,
            "facts of strangers not written": self._strangers.refused,
            "flows not counted": self._meter.evicted,
            "fragmented segments evicted": self._fragments.evicted,
            **self._evidence.counts,
        }
        return {what: count for what, count in counts.items() if count}


def _ended(upload: Upload) -> Upload:
    """Return the completion of an upload whose end nobody saw: what is known of it is all there is."""
    return replace(upload, ended_at=upload.known_at)
