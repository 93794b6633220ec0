# SPDX-License-Identifier: GPL-2.0-or-later
"""Live frames of all ports, in steady time and in one order."""

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from time import sleep

from appliance.capture.assembler import Program
from appliance.capture.merge import Merge
from appliance.capture.port import Change, Port
from appliance.capture.privileges import drop_capabilities
from appliance.capture.sender import Sender
from appliance.capture.steady import Steady
from appliance.clocks import Boot, read_clocks
from appliance.events import Correction
from appliance.limits import FRAME_DELAY_S, RING_BLOCKS, RING_BLOCKS_OF_SPEAKERS
from appliance.live.source import Batch
from appliance.settings import CaptureSettings, Placement, Watch
from appliance.status import PortStatus

_DELAY_NS = int(FRAME_DELAY_S * 1e9)


class Rings:
    """The ports of a placement. Once they are open, the process has no right left; raises OSError without CAP_NET_RAW.

    Interfaces may be absent, go and come back.
    """

    def __init__(self, settings: CaptureSettings, boot: Boot, program: Program) -> None:
        self.boot = boot
        with ExitStack() as stack:
            promiscuous = settings.placement is Placement.MIRROR
            blocks = RING_BLOCKS if settings.watch is Watch.EVERYTHING else RING_BLOCKS_OF_SPEAKERS
            self._ports = [
                stack.enter_context(Port(name, program, blocks, promiscuous=promiscuous))
                for name in dict.fromkeys(settings.interfaces)
            ]
            self.sender = stack.enter_context(Sender())
            drop_capabilities()
            self._stack = stack.pop_all()
        self._merge = Merge()
        self._steady = Steady(boot.anchor, read_clocks())
        self._corrections = [self._steady.start]
        self._counts = {port.interface: [0, 0] for port in self._ports}
        for port in self._ports:
            port.look()
        self.since = boot.steady(read_clocks())
        self.simulated = False

    def read(self) -> Batch:
        """Return the frames whose time has come."""
        chunks = [port.ring.read() for port in self._ports]
        now = read_clocks()
        if correction := self._steady.look(now):
            self._corrections.append(correction)
        for chunk in chunks:
            if len(chunk.at):
                self._merge.feed(replace(chunk, time=self._steady.place(chunk.time)))
        until = now.boot + self.boot.anchor - _DELAY_NS
        return Batch(self._merge.until(until), max(self.since, until / 1e9))

    def wait(self, seconds: float) -> None:
        """Wait so long, so that blocks gather."""
        sleep(seconds)

    def lost(self) -> int:
        """Return how many frames found no room since the last call."""
        lost = 0
        for port in self._ports:
            seen, dropped = port.ring.drops()
            counts = self._counts[port.interface]
            counts[0] += seen
            counts[1] += dropped
            lost += dropped
        return lost

    def watch(self, program: Program) -> None:
        """Let other frames in from now on."""
        for port in self._ports:
            port.ring.filter(program)

    def look(self) -> Collection[str]:
        """Look at the interfaces; return in words what changed."""
        return [_words(port.interface, change) for port in self._ports for change in port.look()]

    def corrections(self) -> Sequence[Correction]:
        """Return what became known of the wall clock since the last call."""
        news, self._corrections = self._corrections, []
        return news

    def ports(self) -> tuple[PortStatus, ...]:
        """Return how the interfaces are."""
        return tuple(
            PortStatus(
                interface=port.interface,
                present=port.state.index > 0,
                up=port.state.up,
                carrier=port.state.carrier,
                packets=self._counts[port.interface][0],
                dropped=self._counts[port.interface][1],
            )
            for port in self._ports
        )

    def close(self) -> None:
        """Receive no more."""
        self._stack.close()


def _words(interface: str, change: Change) -> str:
    match change.what:
        case "index":
            return f"{interface} is there" if change.now else f"{interface} is gone"
        case "up":
            return f"{interface} is switched {'on' if change.now else 'off'}"
        case "carrier":
            return f"{interface} has {'a' if change.now else 'no'} link"
        case _:
            return f"{interface}: {change.what} was {change.before} and is {change.now}"
