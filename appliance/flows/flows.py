# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames in, facts of flows out: pieces, names, openings, losses, questions and glimpses, in order of time.

Whatever the chunks in which the frames come, the facts are the same. Whole columns find the few frames that are worth a
look; those go one by one through the flow they belong to.
"""

from collections.abc import Iterable
from operator import itemgetter

import numpy as np

from appliance.capture.frames import I64, Frames
from appliance.events import Down, FlowFact, Glimpse, Name
from appliance.flows import dns, http
from appliance.flows.bulk import Bulk
from appliance.flows.chunk import Chunk
from appliance.flows.clock import Clock
from appliance.flows.connections import Connections
from appliance.flows.devices import Devices
from appliance.flows.dns_streams import DnsStreams
from appliance.flows.glimpses import Glimpses
from appliance.flows.meter import Meter
from appliance.flows.names import Names
from appliance.flows.selection import Reason, select
from appliance.flows.sides import Directions, Sides, flow_hash
from appliance.flows.watches import Watches

_DHCP_PORT = 67


class Flows:
    """The first stage after capture. Feed it frames in the order of the capture; it takes its time from them."""

    def __init__(self, meter: Meter | None = None) -> None:
        """Take a meter, if somebody wants to know how much each flow carries."""
        self.devices = Devices()  #: sums of every device of the house
        self._meter = meter
        self._clock = Clock()
        self._frames = 0  # frames that came before this chunk
        self._facts: list[FlowFact] = []
        self._directions = Directions()
        self._names = Names()
        self._dns_streams = DnsStreams()
        self._watches = Watches()
        self._bulk = Bulk()
        self._glimpses = Glimpses()
        self._connections = Connections(self._names, self._watches, self._facts)

    @property
    def now(self) -> float:
        """The time of the last frame, in seconds since the epoch."""
        return self._clock.now / 1e6

    @property
    def counts(self) -> dict[str, int]:
        """What was turned away or forgotten, by what it was."""
        return {
            "flows evicted": self._connections.evicted,
            "devices evicted": self.devices.evicted,
            "names evicted": self._names.evicted,
            "DNS connections evicted": self._dns_streams.evicted,
            "bulk bytes not looked at": self._bulk.bytes,
            "clock set back": self._clock.steps,
            "glimpses over the rate": self._glimpses.too_many,
        }

    def feed(self, frames: Frames) -> list[FlowFact]:
        """Take the next frames; return what they made known, in order of time."""
        facts: list[FlowFact] = []
        for part, times, stepped in self._clock.read(frames):
            if stepped:
                facts += self._step()
            facts += self._feed(part, times)
        return facts

    def advance(self, time: float) -> list[FlowFact]:
        """Take it that no frame from before ``time`` will come any more; return what that made known."""
        now = int(time * 1e6)
        if now <= self._clock.now:
            return []
        self._clock.now = now
        self._connections.begin(self._frames, np.empty(0, np.int64))
        self._connections.advance(now)
        return self._merge(self._watches.advance(now))

    def _feed(self, frames: Frames, times: I64) -> list[FlowFact]:
        """Take frames whose times are steady."""
        way = self._directions.feed(frames, self._frames)
        self.devices.feed(frames, times, way)
        if self._meter is not None:
            self._meter.feed(frames, way)
        self._connections.begin(self._frames, times, frames, way)
        self._walk(Chunk(frames, times, select(frames, way), self._bulk))
        self._connections.advance(int(times[-1]))
        downs = self._downstream(frames, times, way)
        self._frames += len(frames)
        return self._merge(downs)

    def _step(self) -> list[FlowFact]:
        """Forget what was to happen at a certain time: the clock was set back."""
        facts = self.finish()
        self._connections.step()
        self._bulk.step()
        return facts

    def remember(self, names: Iterable[Name]) -> None:
        """Take names that were learnt before, oldest first."""
        self._names.remember(names)

    def fresh_names(self) -> list[Name]:
        """Return the names learnt since the last call, as DNS answered them."""
        return self._names.fresh()

    def finish(self) -> list[FlowFact]:
        """Return what still waited for more."""
        self._connections.finish()
        return self._merge(self._watches.finish())

    def _merge(self, downs: list[Down]) -> list[FlowFact]:
        """Put the facts of a chunk in order of time; at the same time a finished bin comes first."""
        facts = sorted([*downs, *self._facts], key=itemgetter(0))
        self._facts.clear()
        return facts

    def _walk(self, chunk: Chunk) -> None:
        """Look at the selected frames one by one."""
        connections = self._connections
        take = {
            Reason.TCP_UP: connections.tcp,
            Reason.HTTP: self._http,
            Reason.TCP_RESET: connections.reset,
            Reason.UDP_UP: connections.udp,
            Reason.DNS: self._dns,
            Reason.SHOW: self._show,
        }
        handlers = [take[reason] for reason in Reason]
        for index, (reason, time, row) in enumerate(zip(chunk.reason, chunk.time, chunk.row, strict=True)):
            connections.time, connections.frame = time, self._frames + row
            if time >= connections.alarm_at:
                connections.alarm()
            handlers[reason](chunk, index)

    def _http(self, chunk: Chunk, index: int) -> None:
        """Take an upstream frame to port 80: a request shows what the device is."""
        data = chunk.data(index)
        if http.is_request(data):
            self._glimpse(chunk, index, data)
        self._connections.tcp(chunk, index)

    def _show(self, chunk: Chunk, index: int) -> None:
        """Take a frame by which a device shows itself."""
        self._glimpse(chunk, index, chunk.data(index), dhcp=chunk.target_port(index) == _DHCP_PORT)

    def _glimpse(self, chunk: Chunk, index: int, data: memoryview, *, dhcp: bool = False) -> None:
        time, device = chunk.time[index] / 1e6, chunk.sender(index).device
        if self._glimpses.admits(time, device, bytes(data), dhcp=dhcp):
            self._facts.append(Glimpse(time, device, chunk.link(), chunk.frame(index)))

    def _dns(self, chunk: Chunk, index: int) -> None:
        """Take a question, or an answer: both belong to the device that asks."""
        time = chunk.time[index] / 1e6
        asker = chunk.sender(index) if chunk.target_port(index) == dns.PORT else chunk.receiver(index)
        for one in self._messages(chunk, index):
            message = dns.read(one)
            if message is not None:
                self._names.learn(time, asker.name, message)
                self._facts += self._names.asked(time, asker.device, message) if asker.device else ()

    def _messages(self, chunk: Chunk, index: int) -> Iterable[bytes]:
        data = bytes(chunk.data(index))
        if not chunk.is_tcp(index):
            return (data,)
        connection = chunk.connection(index)
        return self._dns_streams.feed(connection, chunk.time[index], chunk.sequence[index], chunk.payload[index], data)

    def _downstream(self, frames: Frames, times: I64, way: Sides) -> list[Down]:
        """Sum the downstream bytes of watched flows."""
        rows = np.flatnonzero(way.down & (frames.payload > 0)) if self._watches else np.empty(0, np.intp)
        hashes = flow_hash(frames, rows, up=False)
        return self._watches.feed(hashes, times[rows], self._frames + rows, frames.payload[rows], int(times[-1]))
