# SPDX-License-Identifier: GPL-2.0-or-later
"""Where frames come from: what the rings and a replayed file have in common."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from appliance.capture.assembler import Program
from appliance.capture.frames import Packets
from appliance.capture.sender import Sender
from appliance.clocks import Boot
from appliance.events import Correction
from appliance.status import PortStatus


class Batch(NamedTuple):
    """What came since the last look."""

    packets: Packets  #: in order of time, which is steady time in nanoseconds
    until: float  #: steady seconds: no frame from before will come any more


class Source(Protocol):
    """A placement that is open."""

    boot: Boot
    since: float  #: steady seconds from which on it sees everything
    simulated: bool  #: its frames were made up, and what comes of them must say so

    @property
    def sender(self) -> Sender | None:
        """What sends frames of our own; None where nothing can be sent."""

    def read(self) -> Batch | None:
        """Return what came since the last look; None if nothing will come any more."""

    def wait(self, seconds: float) -> None:
        """Wait until it is worth looking again, for so long at most."""

    def lost(self) -> int:
        """Return how many frames found no room since the last call."""

    def watch(self, program: Program) -> None:
        """Let other frames in from now on."""

    def look(self) -> Collection[str]:
        """Look at the interfaces; return in words what changed."""

    def corrections(self) -> Sequence[Correction]:
        """Return what became known of the wall clock since the last call."""

    def ports(self) -> tuple[PortStatus, ...]:
        """Return how the interfaces are."""

    def close(self) -> None:
        """End it."""
