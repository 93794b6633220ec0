# SPDX-License-Identifier: GPL-2.0-or-later
"""The flows that are open: opened, read in order, named, closed, and forgotten when there are too many."""

from collections import OrderedDict
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from appliance import limits
from appliance.capture.frames import I64, Frames
from appliance.events import Closed, FlowFact, Greeting, Lost, Named, Opened, Piece, PieceKind, Proof
from appliance.flows.acks import Acknowledgements
from appliance.flows.bulk import Hush
from appliance.flows.chunk import Chunk
from appliance.flows.dns import clean
from appliance.flows.flow import Flow
from appliance.flows.names import Names
from appliance.flows.selection import FIN, RST, SYN
from appliance.flows.sides import Sides
from appliance.flows.tcp import Span
from appliance.flows.watches import Watches

_SECOND = 1_000_000
_HOLE_WAIT = int(limits.HOLE_WAIT * _SECOND)
_IDLE = int(limits.FLOW_IDLE * _SECOND)
_WATCH = int(limits.WATCH * _SECOND)
_SWEEP = 60 * _SECOND
_SPECIAL = FIN | SYN | RST


class _Hole(NamedTuple):
    """A hole that is to be given up; outdated once its flow goes on from elsewhere."""

    until: int  #: us
    number: int  #: holes are numbered as they come
    flow: Flow
    at: int | None  #: where the hole begins
    since: int | None  #: since when it is waited for; None if the remote side has shown that it has the bytes

    def is_there(self) -> bool:
        """Whether the flow still waits for what this hole was about."""
        order = self.flow.order
        if order.waits_since is None:
            return False
        return order.at == self.at if self.since is None else order.waits_since == self.since


class Connections:
    """A bounded table of flows, fed frame by frame; what it finds goes to ``facts``."""

    def __init__(self, names: Names, watches: Watches, facts: list[FlowFact]) -> None:
        self.evicted = 0  #: flows forgotten for lack of room
        self.time = 0  #: us of the frame that comes next; the caller sets it
        self.frame = 0  #: its number; the caller sets it
        self.alarm_at = 0  #: time at which ``alarm`` has work to do
        self._names = names
        self._watches = watches
        self._facts = facts
        self._flows: OrderedDict[int, Flow] = OrderedDict()  # by hash, least lately used first
        self._numbered = 0
        self._first, self._times = 0, np.empty(0, np.int64)  # number of the chunk's first frame, and the times of all
        self._acks = Acknowledgements()
        self._held = 0  # bytes that wait behind holes, of all flows
        self._holes: list[_Hole] = []  # a heap; some are outdated
        self._holed: dict[int, Flow] = {}  # flows with a hole, by number; some have none any more
        self._dug = 0  # holes so far
        self._sweep_at = 0

    def alarm(self) -> None:
        """Give up the holes that waited too long, each when its time was up; forget the flows silent for too long."""
        now, frame = self.time, self.frame
        while self._holes and self._holes[0].until <= now:
            self.time = self._holes[0].until
            self.frame = self._first + int(np.searchsorted(self._times, self.time)) - 1
            self._give_up()
        self.time, self.frame = now, frame
        if now >= self._sweep_at:
            while self._flows and (oldest := next(iter(self._flows.values()))).last < now - _IDLE:
                self._flows.popitem(last=False)
                self._close(oldest)
            self._sweep_at = (now // _SWEEP + 1) * _SWEEP
        self.alarm_at = min(self._sweep_at, self._holes[0].until if self._holes else self._sweep_at)

    def begin(self, first: int, times: I64, frames: Frames | None = None, sides: Sides | None = None) -> None:
        """Take the frames that come next, their times (us), and the number of the first; or the time without frames."""
        self._first, self._times = first, times
        self._acks.begin(frames, times, sides)
        self._holed = {number: flow for number, flow in self._holed.items() if flow.order.waits_since is not None}
        for flow in self._holed.values():
            self._expect(flow, self._acks.beyond(flow.begun.hash, flow.order.at or 0, -1))

    def advance(self, time: int) -> None:
        """Let the time (us) go on to where no selected frame says so."""
        self.time = time
        if time >= self.alarm_at:
            self.alarm()

    def tcp(self, chunk: Chunk, index: int) -> None:
        """Take an upstream TCP frame."""
        flow = self._flows.get(chunk.hash[index])
        if flow is None or not flow.settled or not self._tcp_next(flow, chunk, index):
            self._tcp_any(flow, chunk, index)

    def _tcp_next(self, flow: Flow, chunk: Chunk, index: int) -> bool:
        """Take the next segment of a settled flow; say if it was that and nothing more."""
        length = chunk.payload[index]
        if chunk.hush[index] or chunk.flags[index] & _SPECIAL or chunk.present[index] != length:
            return False
        found = flow.read_next(chunk.sequence[index], chunk.data(index))
        if found is None:
            return False
        self._flows.move_to_end(chunk.hash[index])
        flow.last = self.time
        for kind, size in found:
            self._piece(flow, kind, size)
        return True

    def _tcp_any(self, flow: Flow | None, chunk: Chunk, index: int) -> None:
        """Take any upstream TCP frame, with what it opens and closes."""
        flags, length, hush = chunk.flags[index], chunk.payload[index], chunk.hush[index]
        sequence = chunk.sequence[index]
        if flags & SYN:
            flow = self._syn(chunk, index, flow)
            sequence += 1
        elif flow is None or (flow.closed and length and flow.order.ahead(sequence + length) > 0):
            if not length or flags & RST:
                return
            flow = self._new(chunk, index)
        self._flows.move_to_end(chunk.hash[index])
        flow.last = self.time
        if length and not flow.closed and hush != Hush.MUTED:
            if hush == Hush.RESUMED:
                self._restart(flow)
            self._segment(flow, sequence, length, chunk.data(index))
        if flags & (FIN | RST):
            self._end(flow, flags, sequence + length, muted=hush == Hush.MUTED)

    def reset(self, chunk: Chunk, index: int) -> None:
        """Take a reset from the remote side."""
        flow = self._flows.get(chunk.hash[index])
        if flow is not None:
            self._close(flow)

    def udp(self, chunk: Chunk, index: int) -> None:
        """Take an upstream datagram."""
        hash_, hush = chunk.hash[index], chunk.hush[index]
        flow = self._flows.get(hash_) or self._new(chunk, index)
        self._flows.move_to_end(hash_)
        flow.last = self.time
        if hush == Hush.MUTED:
            return
        if flow.introduction is not None:
            self._introduce(flow, chunk.data(index), cut=chunk.present[index] < chunk.payload[index])
        self._piece(flow, PieceKind.DATAGRAM, chunk.payload[index])

    def finish(self) -> None:
        """Give up every hole: nothing more will come."""
        while self._holes:
            self._give_up()

    def step(self) -> None:
        """Begin the time anew."""
        self.alarm_at = self._sweep_at = 0
        for flow in self._flows.values():
            flow.watch, flow.watch_until = None, 0

    def _syn(self, chunk: Chunk, index: int, flow: Flow | None) -> Flow:
        """Open a flow, unless this SYN was seen before."""
        if flow is not None and not flow.closed:
            if flow.order.at is not None and -limits.TCP_WINDOW < flow.order.ahead(chunk.sequence[index] + 1) <= 0:
                return flow
            self._close(flow)
        flow = self._new(chunk, index)
        flow.order.at = chunk.sequence[index] + 1
        self._open(flow)
        return flow

    def _new(self, chunk: Chunk, index: int) -> Flow:
        """Put a flow into the table; the one least lately used makes room."""
        self._numbered += 1
        flow = self._flows[chunk.hash[index]] = Flow(self._numbered, chunk.flow(index))
        if len(self._flows) > limits.FLOWS:
            self.evicted += 1
            self._close(self._flows.popitem(last=False)[1])
        return flow

    def _open(self, flow: Flow) -> None:
        if not flow.opened:
            flow.opened = True
            self._facts.append(Opened(self.time / 1e6, flow.key))

    def _segment(self, flow: Flow, sequence: int, length: int, data: memoryview) -> None:
        """Put a segment in order and read what is in order then."""
        order = flow.order
        held, hole = order.held_bytes, (order.waits_since, order.at)
        spans = order.feed(self.time, sequence, length, data)
        self._held += order.held_bytes - held
        if spans:
            self._spans(flow, spans)
        if order.waits_since is not None and (order.waits_since, order.at) != hole:
            self._await(flow)
        flow.settle()
        while self._held > limits.HELD_TOTAL:
            self._give_up()

    def _spans(self, flow: Flow, spans: list[Span]) -> None:
        """Turn bytes in order into facts."""
        for span in spans:
            if span.lost:
                self._facts.append(Lost(self.time / 1e6, flow.key, span.lost))
            if span.lost is not None:
                flow.introduction = None
            if flow.introduction is not None:
                self._introduce(flow, span.data, cut=len(span.data) < span.length)
            for kind, length in flow.read(span):
                self._piece(flow, kind, length)
        if flow.fin is not None and flow.order.at is not None and flow.order.at >= flow.fin:
            self._close(flow)

    def _introduce(self, flow: Flow, data: bytes | memoryview, *, cut: bool) -> None:
        """Look for the flow's name in its first bytes."""
        introduction = flow.introduction
        if introduction is None:
            return
        host = introduction.feed(bytes(data))
        if introduction.is_hello:
            self._open(flow)
        name = clean(host) if host else None
        if name:
            self._name(flow, name, Proof.SNI)
        if introduction.over or cut:
            flow.introduction = None
            if introduction.protocol:
                self._facts.append(Greeting(self.time / 1e6, flow.key, introduction.protocol, name))

    def _piece(self, flow: Flow, kind: PieceKind, length: int) -> None:
        if flow.names_seen != self._names.version:
            self._look(flow)
        self._facts.append(Piece(self.time / 1e6, flow.key, length, kind))
        if self.time > flow.watch_until:
            flow.watch, flow.sent = None, 0
        flow.watch_until = self.time + _WATCH
        flow.sent += length
        if flow.watch is not None:
            flow.watch.until = flow.watch_until
        elif flow.sent >= limits.WATCH_BYTES:
            flow.watch = self._watches.begin(flow.begun.hash, flow.key, self.frame, flow.watch_until)

    def _look(self, flow: Flow) -> None:
        """Name a flow by what DNS told its device, if it has no name yet."""
        flow.names_seen = self._names.version
        if flow.proof is Proof.NONE:
            host = self._names.look(self.time / 1e6, flow.begun.asker, flow.begun.remote)
            if host:
                self._name(flow, host, Proof.DNS)

    def _name(self, flow: Flow, host: str, proof: Proof) -> None:
        flow.proof = proof
        self._facts.append(Named(self.time / 1e6, flow.key, host, proof))

    def _end(self, flow: Flow, flags: int, sequence: int, *, muted: bool) -> None:
        """Close a flow at once for a reset, else as soon as all before its FIN is there."""
        order = flow.order
        if flags & RST or muted or order.at is None:
            self._close(flow)
        elif not flow.closed:
            flow.fin = order.at + order.ahead(sequence)
            flow.settled = False
            self._spans(flow, [])

    def _close(self, flow: Flow) -> None:
        """End a flow: what waits behind a hole comes out, and nothing more will."""
        if flow.closed:
            return
        flow.closed = True
        flow.settled = False
        self._held -= flow.order.held_bytes
        self._spans(flow, flow.order.flush())
        self._facts.append(Closed(self.time / 1e6, flow.key))
        if flow.watch is not None:
            flow.watch.close(self.frame + 1, self.time)

    def _restart(self, flow: Flow) -> None:
        """Go on with a flow after a mute."""
        self._held -= flow.order.held_bytes
        flow.restart()

    def _await(self, flow: Flow) -> None:
        """Note when the flow's first hole, if it has one, is to be given up: at the latest, or once it is known why."""
        since = flow.order.waits_since
        if since is not None:
            self._holed[flow.number] = flow
            self._dig(since + _HOLE_WAIT, flow, since)
            self._expect(flow, self._acks.beyond(flow.begun.hash, flow.order.at or 0, self.frame - self._first))

    def _expect(self, flow: Flow, acknowledged_at: int | None) -> None:
        """Give the flow's hole up when the remote side shows that it has the bytes: nobody will send them again."""
        if acknowledged_at is not None:
            self._dig(acknowledged_at, flow, None)

    def _dig(self, until: int, flow: Flow, since: int | None) -> None:
        self._dug += 1
        heappush(self._holes, _Hole(until, self._dug, flow, flow.order.at, since))
        self.alarm_at = min(self.alarm_at, until)

    def _give_up(self) -> None:
        """Give up the hole that is the next to be, if it is still there."""
        hole = heappop(self._holes)
        flow, order = hole.flow, hole.flow.order
        if hole.is_there():
            held = order.held_bytes
            spans = order.give_up()
            self._held += order.held_bytes - held
            self._await(flow)
            self._spans(flow, spans)
            flow.settle()
