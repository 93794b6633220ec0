# SPDX-License-Identifier: GPL-2.0-or-later
"""One port of the bridge: the ring on its interface, whatever becomes of the interface."""

import contextlib
from dataclasses import astuple, fields
from types import TracebackType
from typing import NamedTuple, Self

from appliance.capture.assembler import Program
from appliance.capture.ring import Ring
from appliance.capture.state import State, state_of
from appliance.limits import RING_BLOCKS


class Change(NamedTuple):
    """One thing that is different now: the name of a field of State, what it was, and what it is."""

    what: str
    before: int
    now: int


class Port:
    """An interface by its name, whether it is there or not; needs CAP_NET_RAW to be made, and nothing afterwards."""

    def __init__(
        self, interface: str, program: Program, blocks: int = RING_BLOCKS, *, promiscuous: bool = False
    ) -> None:
        self.interface = interface
        self.ring = Ring(program, blocks)
        self.state = State()  #: as of the last look
        self._promiscuous = promiscuous

    def look(self) -> list[Change]:
        """Look at the interface, receive from it if it is new, and return what changed since the last look."""
        before, self.state = self.state, state_of(self.ring.fileno(), self.interface)
        if self.state.index and self.ring.interface != self.interface:
            with contextlib.suppress(OSError):  # gone in this moment: the next look finds it, or another
                self.ring.bind(self.interface, promiscuous=self._promiscuous)
        names = (field.name for field in fields(State))
        both = zip(names, astuple(before), astuple(self.state), strict=True)
        return [Change(name, was, now) for name, was, now in both if was != now]

    def close(self) -> None:
        """Receive no more."""
        self.ring.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
