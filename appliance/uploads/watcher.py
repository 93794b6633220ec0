# SPDX-License-Identifier: GPL-2.0-or-later
"""The merger: every flow of the house under watch, and the uploads, replies and losses that come of it."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping

from appliance.events import (
    Closed,
    Device,
    Down,
    FlowFact,
    FlowKey,
    Loss,
    Lost,
    Named,
    Opened,
    Piece,
    Reply,
    Role,
    Sighting,
    SightingKind,
    Upload,
)
from appliance.limits import FLOWS_SPARED, FORMER_FLOWS, WATCHED_DEVICES, WATCHED_FLOWS
from appliance.regulars import Regulars
from appliance.rules import Rules
from appliance.uploads.confidence import confidence
from appliance.uploads.flow_watch import FlowWatch, OpenUpload
from appliance.uploads.recollection import KnownFlow, Recollection
from appliance.uploads.reply import ReplyWatch
from appliance.uploads.signature import signature

UploadFact = Upload | Reply | Loss | Sighting
NEVER = float("-inf")
BOOT_SIGNS = (SightingKind.DHCP_PARAMETERS, SightingKind.DHCP_VENDOR, SightingKind.DHCP_HOSTNAME)


class Watcher:
    """Takes the facts of flows and devices, gives uploads, replies, losses, and what a beat shows of its device.

    Every upload is given twice, announced and completed. Pure: time comes from the facts, and from ``advance`` where
    nothing comes any more.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._watches: OrderedDict[FlowKey, FlowWatch] = OrderedDict()
        self._former: OrderedDict[FlowKey, KnownFlow] = OrderedDict()  # speakers' flows that had a name and are closed
        self._replies: dict[FlowKey, ReplyWatch] = {}
        self._devices: Regulars[Device] = Regulars(WATCHED_DEVICES)
        self._booted: Regulars[float] = Regulars(WATCHED_DEVICES)
        self._uploading: set[FlowKey] = set()
        self._voices: Mapping[str, str] = {}
        self._evicted = 0

    def feed(self, fact: FlowFact | Device | Sighting) -> list[UploadFact]:
        """Take one fact and return what it made known; facts come in order of time."""
        if isinstance(fact, Piece):  # nearly every fact is one
            return self._piece(fact)
        match fact:
            case Down():
                self._down(fact)
            case Named():
                watch = self._watch(fact.flow)
                watch.known.named(fact)
                self._apply(watch)
            case Opened():
                self._watch(fact.flow).opened_at = fact.time
            case Closed():
                return [*self._close(fact)]
            case Lost():
                return [Loss(fact.time, fact.time, fact.flow.device, "upstream bytes of a flow", fact.missing)]
            case Device():
                self._devices.put(fact.device, fact, fact.time)
            case Sighting():
                self._shown(fact)
            case _:
                pass
        return []

    def welcome(self, residents: frozenset[str]) -> None:
        """Take it that these devices live here: strangers shall not push aside them and their flows."""
        self._devices.welcome(residents)
        self._booted.welcome(residents)

    @property
    def evicted(self) -> int:
        """Flows and devices that full tables forgot."""
        return self._evicted + self._devices.evicted + self._booted.evicted

    @property
    def uploading(self) -> frozenset[str]:
        """The devices with an open upload."""
        return frozenset(flow.device for flow in self._uploading)

    def role(self, flow: FlowKey) -> Role:
        """Return what a flow is for, by the name it has; or, where that says nothing, by what it did."""
        watch, device = self._watches.get(flow), self._devices.get(flow.device)
        if watch is None:
            return Role.UNKNOWN
        return Role.VOICE if watch.known.voice(device) else watch.known.role(device)

    def teach(self, voices: Mapping[str, str]) -> None:
        """Take for each device where its voice is known to go, by a calibration: a host, or an address without a name.

        Such a flow counts as a voice flow from its first piece, unless the rules know its name for something else.
        """
        self._voices = voices
        for watch in self._watches.values():
            self._apply(watch)

    def recollect(self, device: str) -> Recollection:
        """Return what is known of a device and its flows."""
        flows = [*self._former.values(), *(watch.recollect() for watch in self._watches.values())]
        known = self._devices.get(device) or Device(0.0, device, None, None, None, None, 0.0, ())
        return Recollection(
            known, self._booted.get(device), tuple(each for each in flows if each.flow.device == device)
        )

    def recall(self, before: Recollection) -> None:
        """Take what was known of a device and its flows before."""
        self._devices.settle(before.device.device, before.device)
        if before.booted_at is not None:
            self._booted.settle(before.device.device, before.booted_at)
        for known in before.flows:
            self._watch(known.flow).recall(known)

    def advance(self, time: float) -> list[UploadFact]:
        """Return what became known because nothing more came until ``time``."""
        over = [flow for flow in sorted(self._uploading) if self._watches[flow].over(time)]
        facts: list[UploadFact] = [self._complete(flow, time) for flow in over]
        for flow in [flow for flow, reply in self._replies.items() if reply.over(time)]:
            reply = self._replies.pop(flow).fact(time)
            facts += [reply] if reply else []
        return facts

    def finish(self, time: float) -> list[UploadFact]:
        """Return what the end of the capture leaves: open uploads completed, replies ended."""
        facts: list[UploadFact] = [self._complete(flow, time) for flow in sorted(self._uploading)]
        facts += [fact for reply in self._replies.values() if (fact := reply.fact(time))]
        self._replies.clear()
        return facts

    def _piece(self, piece: Piece) -> list[UploadFact]:
        flow, time = piece.flow, piece.time
        facts = self.advance(time) if self._uploading or self._replies else []
        watch = self._watch(flow)
        if piece.length < self._rules.uploads.merge.min_payload:
            facts += self._behaviour(flow, time, watch.known.pinged(time, piece.length))
        elif watch.feed(piece, self._devices.get(flow.device), self._booted.get(flow.device, NEVER)):
            facts += self._voice(flow, watch, time)
        return facts

    def _voice(self, flow: FlowKey, watch: FlowWatch, time: float) -> Iterator[UploadFact]:
        """Count the run that fired at ``time`` into the flow's upload, or open one with it."""
        if watch.upload is not None and not watch.continues():
            yield self._complete(flow, time)
        fresh = watch.upload is None
        upload = watch.upload or watch.begin(time)
        watch.extend(upload, time)
        if fresh:
            yield from self._announce(flow, watch, upload)
        self._replies[flow] = ReplyWatch(self._rules.uploads.reply, flow.device, time)

    def _down(self, fact: Down) -> None:
        watch = self._watches.get(fact.flow)
        if watch is not None:
            watch.down(fact.time, fact.payload)
        reply = self._replies.get(fact.flow)
        if reply is not None:
            reply.feed(fact.time, fact.payload)

    def _close(self, fact: Closed) -> Iterator[UploadFact]:
        if fact.flow in self._uploading:
            yield self._complete(fact.flow, fact.time)
        watch = self._watches.pop(fact.flow, None)
        device = self._devices.get(fact.flow.device)
        if watch is not None and watch.known.host is not None and device is not None and device.speaker is not None:
            self._former[fact.flow] = watch.recollect()
            self._former.move_to_end(fact.flow)
            if len(self._former) > FORMER_FLOWS:
                self._former.popitem(last=False)

    def _complete(self, flow: FlowKey, time: float) -> Upload:
        watch = self._watches[flow]
        upload, watch.upload = watch.upload, None
        if upload is None:
            raise RuntimeError(f"no upload is open on {flow}")
        self._uploading.discard(flow)
        known_at = min(time, upload.ended_at + self._rules.uploads.merge.close_s)
        fact = self._fact(watch, upload, known_at, ended_at=upload.ended_at)
        watch.known.uploaded(known_at, len(upload.hits))
        return fact

    def _announce(self, flow: FlowKey, watch: FlowWatch, upload: OpenUpload) -> Iterator[UploadFact]:
        self._uploading.add(flow)
        for other, reply in self._replies.items():
            if other.device == flow.device and (so_far := reply.fact(upload.known_at)):
                yield so_far
        fact = self._fact(watch, upload, upload.known_at)
        yield from self._behaviour(flow, fact.time, fact.signature)
        yield fact

    def _behaviour(self, flow: FlowKey, time: float, rule: str | None) -> Iterator[Sighting]:
        """Yield what the beat of a flow shows of its device."""
        if rule is not None:
            yield Sighting(time, flow.device, SightingKind.BEHAVIOUR, rule)

    def _fact(self, watch: FlowWatch, upload: OpenUpload, time: float, ended_at: float | None = None) -> Upload:
        flow = watch.known.flow
        device = self._devices.get(flow.device)
        mark = signature(upload.hits.values(), self._rules.uploads)
        by = watch.known.proof(device)
        return Upload(
            time=time,
            flow=flow,
            speaker=device.speaker if device else None,
            host=watch.known.host,
            host_by=by,
            role=upload.role,
            started_at=upload.started_at,
            known_at=upload.known_at,
            ended_at=ended_at,
            bytes_up=upload.bytes_up,
            bytes_down=upload.bytes_down,
            detectors=tuple(sorted(upload.hits)),
            signature=mark,
            confidence=confidence(self._rules.uploads.confidence, upload.hits, by, mark, device),
        )

    def _watch(self, flow: FlowKey) -> FlowWatch:
        watch = self._watches.get(flow)
        if watch is None:
            watch = self._watches[flow] = FlowWatch(flow, self._rules)
            self._apply(watch)
            if len(self._watches) > WATCHED_FLOWS:
                self._evict()
        else:
            self._watches.move_to_end(flow)
        return watch

    def _apply(self, watch: FlowWatch) -> None:
        """Let a flow be known as a voice flow if a calibration has shown that its device's voice goes there."""
        known = watch.known
        if self._voices.get(known.flow.device) == (known.host or known.flow.remote):
            known.learnt(0.0)

    def _evict(self) -> None:
        """Forget the flow that was silent for longest; those of devices that live here get another round."""
        for _ in range(FLOWS_SPARED):
            flow = next(iter(self._watches))
            if not self._devices.settled(flow.device):
                break
            self._watches.move_to_end(flow)
        oldest = next(flow for flow in self._watches if flow not in self._uploading)
        del self._watches[oldest]
        self._evicted += 1

    def _shown(self, sighting: Sighting) -> None:
        device, time = sighting.device, sighting.time
        if sighting.kind in BOOT_SIGNS:
            self._booted.put(device, time, time)
        if known := self._devices.get(device):
            self._devices.put(device, known, time)
