# SPDX-License-Identifier: GPL-2.0-or-later
"""All stages left of the ledger, joined: frames in; devices, uploads, replies and losses out. Pure, as they are."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator

from appliance.capture.frames import Frames
from appliance.events import (
    Asked,
    Closed,
    Device,
    Down,
    FlowFact,
    Glimpse,
    Greeting,
    Loss,
    Lost,
    Named,
    Opened,
    Piece,
    Reply,
    Sighting,
    SightingKind,
    Upload,
)
from appliance.flows import Flows, Meter
from appliance.limits import MET_DEVICES
from appliance.rules import Rules
from appliance.speakers import Exposures, Speakers, vendor_of
from appliance.uploads import Recollection, UploadFact, Watcher

Observed = Device | Upload | Reply | Loss
Correct = Callable[[Device], Device]  #: puts what the owner says of a device above what was found
Dissect = Callable[[Glimpse], Iterable[Sighting]]  #: what a frame shows; or nothing, if that comes later by ``see``

_WATCHED = (Piece, Down, Opened, Closed, Lost)  # facts that only the watcher wants


class Observer:
    """What the capture says of one household."""

    def __init__(self, rules: Rules, dissect: Dissect, meter: Meter | None = None) -> None:
        self.flows = Flows(meter)
        self.speakers = Speakers(rules)
        self.watcher = Watcher(rules)
        self.exposures = Exposures(rules)
        self.correct: Correct = lambda device: device
        self._dissect = dissect
        self._met: OrderedDict[str, None] = OrderedDict()

    @property
    def now(self) -> float:
        """The time up to which everything is told, in seconds."""
        return self.flows.now

    def feed(self, frames: Frames) -> Iterator[Observed]:
        """Take the next chunk of frames and yield what it made known."""
        yield from self._take_all(self.flows.feed(frames))
        if len(frames):
            yield from self._pass_on(self.watcher.advance(self.now))

    def advance(self, time: float) -> Iterator[Observed]:
        """Take it that no frame from before ``time`` will come any more; yield what that made known."""
        yield from self._take_all(self.flows.advance(time))
        yield from self._pass_on(self.watcher.advance(self.now))

    def see(self, sighting: Sighting) -> Iterator[Device]:
        """Take what a device showed of itself; yield the device if that is news."""
        self.exposures.feed(sighting)
        self.watcher.feed(sighting)
        device = self.speakers.feed(sighting)
        if device is not None:
            self.watcher.feed(self.correct(device))
            yield device

    def recall(self, device: Device) -> None:
        """Take what was known of a device before."""
        self.speakers.recall(device)
        self.watcher.recall(Recollection(self.correct(device), None, ()))

    def welcome(self, residents: frozenset[str]) -> None:
        """Take it that these devices live here: strangers shall not push them aside."""
        self.speakers.welcome(residents)
        self.watcher.welcome(residents)

    def correct_all(self, correct: Correct) -> None:
        """Take what the owner says of devices from now on."""
        self.correct = correct
        for device in self.speakers.devices():
            self.watcher.feed(correct(device))

    def finish(self) -> Iterator[Observed]:
        """Yield what the end of the capture leaves: open uploads completed, replies ended."""
        yield from self._take_all(self.flows.finish())
        yield from self._pass_on(self.watcher.finish(self.now))

    def devices(self) -> list[Device]:
        """Return every device of the house, also those that showed nothing of themselves."""
        known = {device.device: device for device in self.speakers.devices()}
        for mac, tally in self.flows.devices.known.items():
            known.setdefault(mac, Device(tally.last, mac, None, None, None, None, 0.0, ()))
        return list(known.values())

    def shed(self) -> dict[str, int]:
        """What bounds turned away or forgot, in words, and how many."""
        counts = self.flows.counts | {
            "watches evicted": self.watcher.evicted,
            "descriptions of devices evicted": self.speakers.evicted,
            "things that devices let others read not noted": self.exposures.too_many,
        }
        return {what: count for what, count in counts.items() if count}

    def _take_all(self, facts: Iterable[FlowFact]) -> Iterator[Observed]:
        for fact in facts:
            if isinstance(fact, _WATCHED) and fact.flow.device in self._met:  # nearly every fact, and seldom news
                if found := self.watcher.feed(fact):
                    yield from self._pass_on(found)
            else:
                yield from self._take(fact)

    def _take(self, fact: FlowFact) -> Iterator[Observed]:
        match fact:
            case Glimpse():
                yield from self._meet(fact.time, fact.device)
                for sighting in self._dissect(fact):
                    yield from self.see(sighting)
                return
            case Greeting():
                self.exposures.feed(fact)
                return
            case Asked():
                self.exposures.feed(fact)
                yield from self._meet(fact.time, fact.device)
                yield from self.see(Sighting(fact.time, fact.device, SightingKind.HOST, fact.host))
                return
            case Piece():
                yield from self._meet(fact.time, fact.flow.device)
            case Named():
                yield from self._meet(fact.time, fact.flow.device)
                yield from self.see(Sighting(fact.time, fact.flow.device, SightingKind.HOST, fact.host))
            case _:
                pass
        yield from self._pass_on(self.watcher.feed(fact))

    def _meet(self, time: float, device: str) -> Iterator[Device]:
        if device in self._met:
            return
        self._met[device] = None
        if len(self._met) > MET_DEVICES:
            self._met.popitem(last=False)
        maker = vendor_of(device)
        if maker is not None:
            yield from self.see(Sighting(time, device, SightingKind.OUI, maker))

    def _pass_on(self, facts: Iterable[UploadFact]) -> Iterator[Observed]:
        for fact in facts:
            if isinstance(fact, Sighting):
                yield from self.see(fact)
            else:
                yield fact
