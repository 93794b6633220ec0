# SPDX-License-Identifier: GPL-2.0-or-later
"""All stages in their order, in one process: frames in, verdicts out. Pure: no file, no clock, no socket."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator

from appliance.capture.frames import Frames
from appliance.events import (
    Asked,
    Closed,
    Coverage,
    Device,
    Down,
    Ear,
    FlowFact,
    Glimpse,
    Loss,
    Lost,
    Named,
    Opened,
    Piece,
    Placement,
    Reply,
    Sighting,
    SightingKind,
    Sound,
    Upload,
    Verdict,
)
from appliance.flows import Flows
from appliance.judge import CAPTURE, Judge
from appliance.limits import MET_DEVICES
from appliance.rules import Rules
from appliance.speakers import Sightings, Speakers, vendor_of
from appliance.uploads import UploadFact, Watcher

Found = Device | Upload | Reply | Loss | Verdict

_WATCHED = (Piece, Down, Opened, Closed, Lost)  # facts that only the watcher wants


class Pipeline:
    """One household's stages, joined: takes frames and what ears heard, gives facts and verdicts."""

    def __init__(
        self, rules: Rules, furniture: Iterable[Ear | Placement] = (), sounds: Iterable[Sound | Coverage] = ()
    ) -> None:
        """Take the rules, what the household says of its ears and speakers, and what ears heard, in order of time."""
        self.flows = Flows()
        self.speakers = Speakers(rules)
        self.watcher = Watcher(rules)
        self.judge = Judge(rules)
        self._sightings = Sightings()
        self._sounds = iter(sounds)
        self._next_sound = next(self._sounds, None)
        self._met: OrderedDict[str, None] = OrderedDict()
        self._covered = 0.0
        for fact in furniture:
            self.judge.feed(fact)

    def feed(self, frames: Frames) -> Iterator[Found]:
        """Take the next chunk of frames and yield what it made known."""
        for fact in self.flows.feed(frames):
            if isinstance(fact, _WATCHED) and fact.flow.device in self._met:  # nearly every fact, and seldom news
                if found := self.watcher.feed(fact):
                    yield from self._pass_on(found)
            else:
                yield from self._take(fact)
        if len(frames):
            yield from self._pass_on(self.watcher.advance(self.flows.now))
            yield from self.judge.feed(Coverage(self._covered or self.flows.now, self.flows.now, CAPTURE))
            yield from self._judge_until(self.flows.now)
            self._covered = self.flows.now

    def finish(self) -> Iterator[Found]:
        """Yield what the end of the capture leaves: open uploads completed, every upload judged."""
        for fact in self.flows.finish():
            yield from self._take(fact)
        yield from self._pass_on(self.watcher.finish(self.flows.now))
        yield from self._judge_until(float("inf"))
        yield from self.judge.finish()

    def devices(self) -> list[Device]:
        """Return every device of the house, also those that showed nothing of themselves."""
        known = {device.device: device for device in self.speakers.devices()}
        for mac, tally in self.flows.devices.known.items():
            known.setdefault(mac, Device(tally.last, mac, None, None, None, None, 0.0, ()))
        return list(known.values())

    def shed(self) -> dict[str, int]:
        """What bounds turned away or forgot, in words, and how many."""
        counts = self.flows.counts | self.judge.shed()
        counts |= {"watches evicted": self.watcher.evicted, "descriptions of devices evicted": self.speakers.evicted}
        return {what: count for what, count in counts.items() if count}

    def _take(self, fact: FlowFact) -> Iterator[Found]:
        match fact:
            case Glimpse():
                yield from self._meet(fact.time, fact.device)
                for sighting in self._sightings.feed(fact):
                    yield from self._see(sighting)
                return
            case Asked():
                yield from self._meet(fact.time, fact.device)
                yield from self._see(Sighting(fact.time, fact.device, SightingKind.HOST, fact.host))
                return
            case Piece():
                yield from self._meet(fact.time, fact.flow.device)
            case Named():
                yield from self._meet(fact.time, fact.flow.device)
                yield from self._see(Sighting(fact.time, fact.flow.device, SightingKind.HOST, fact.host))
            case _:
                pass
        yield from self._pass_on(self.watcher.feed(fact))

    def _meet(self, time: float, device: str) -> Iterator[Found]:
        if device in self._met:
            return
        self._met[device] = None
        if len(self._met) > MET_DEVICES:
            self._met.popitem(last=False)
        maker = vendor_of(device)
        if maker is not None:
            yield from self._see(Sighting(time, device, SightingKind.OUI, maker))

    def _see(self, sighting: Sighting) -> Iterator[Found]:
        self.watcher.feed(sighting)
        device = self.speakers.feed(sighting)
        if device is not None:
            self.watcher.feed(device)
            yield device
            yield from self.judge.feed(device)

    def _pass_on(self, facts: Iterable[UploadFact]) -> Iterator[Found]:
        for fact in facts:
            if isinstance(fact, Sighting):
                yield from self._see(fact)
                continue
            yield fact
            yield from self._judge_until(fact.time)
            yield from self.judge.feed(fact)

    def _judge_until(self, time: float) -> Iterator[Verdict]:
        while self._next_sound is not None and self._next_sound.time <= time:
            yield from self.judge.advance(self._next_sound.time)
            yield from self.judge.feed(self._next_sound)
            self._next_sound = next(self._sounds, None)
        yield from self.judge.advance(time)
