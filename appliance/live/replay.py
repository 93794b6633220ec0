# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture file as if it happened now: at its own speed, faster, or as fast as it goes. Its times stay its own."""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

import numpy as np

from appliance.capture import open_capture
from appliance.capture.assembler import Program
from appliance.capture.frames import I64, Packets
from appliance.clocks import Boot
from appliance.events import Correction
from appliance.evidence import SIMULATED
from appliance.limits import REPLAY_PACKETS, REPLAY_S
from appliance.live.source import Batch
from appliance.settings import CaptureSettings
from appliance.status import PortStatus

_SPAN_NS = int(REPLAY_S * 1e9)


class Replay:
    """The placement without a wire. Raises CaptureError or OSError if the file cannot be replayed."""

    def __init__(self, settings: CaptureSettings) -> None:
        if settings.file is None:
            raise ValueError("a replay needs a file")
        self.sender = None
        self._name = settings.file.name
        self._speed = settings.speed
        self._file = open_capture(settings.file)
        self.simulated = (self._file.comment or "").startswith(SIMULATED)
        self.boot = Boot(f"{SIMULATED if self.simulated else 'replay'}-{uuid4()}", 0)
        self._chunks = _pieces(self._file)
        self._next = next(self._chunks, None)
        self._first = int(self._next.time[0]) if self._next else 0
        self._until = self._first
        self._packets = 0
        self._begun: int | None = None
        self._corrections = [Correction(self._first / 1e9, 0.0, synchronised=True)]
        self.since = self._first / 1e9

    def read(self) -> Batch | None:
        """Return what is due; None at the end of the file, however damaged that is."""
        if self._next is None:
            return None
        if self._speed:
            return self._due()
        packets, self._next = self._next, next(self._chunks, None)
        return self._batch(packets, int(packets.time.max()))

    def wait(self, seconds: float) -> None:
        """Wait so long, but not at all if it goes as fast as it can."""
        if self._speed:
            time.sleep(seconds)

    def lost(self) -> int:
        """Nothing is lost of a file."""
        return 0

    def watch(self, program: Program) -> None:
        """A file holds what it holds."""

    def look(self) -> Collection[str]:
        """Nothing changes."""
        return ()

    def corrections(self) -> Sequence[Correction]:
        """Tell once that a capture's times are the wall clock's."""
        news, self._corrections = self._corrections, []
        return news

    def ports(self) -> tuple[PortStatus, ...]:
        """Return the file as if it were an interface."""
        return (PortStatus(interface=self._name, present=True, up=True, carrier=True, packets=self._packets),)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _due(self) -> Batch:
        now = time.monotonic_ns()
        self._begun = now if self._begun is None else self._begun
        due = self._first + int((now - self._begun) * self._speed)
        packets = self._next
        if packets is None:
            raise RuntimeError("the file is at its end")
        count = int(np.searchsorted(np.maximum.accumulate(packets.time), due, side="right"))
        if count < len(packets.at):
            self._next = _part(packets, count, len(packets.at))
            return self._batch(_part(packets, 0, count), due)
        self._next = next(self._chunks, None)
        return self._batch(packets, int(packets.time.max()))

    def _batch(self, packets: Packets, until: int) -> Batch:
        self._packets += len(packets.at)
        self._until = max(self._until, until)
        return Batch(packets, self._until / 1e9)


def _pieces(chunks: Iterable[Packets]) -> Iterator[Packets]:
    """Cut chunks into smaller ones, in packets and in time."""
    for chunk in chunks:
        times = np.maximum.accumulate(chunk.time)
        begin = 0
        while begin < len(times):
            until = int(np.searchsorted(times, times[begin] + _SPAN_NS, side="right"))
            end = min(begin + REPLAY_PACKETS, until)
            yield _part(chunk, begin, end)
            begin = end


def _part(packets: Packets, begin: int, end: int) -> Packets:
    def rows(column: I64) -> I64:
        return column[begin:end]

    return replace(
        packets,
        at=rows(packets.at),
        captured=rows(packets.captured),
        wire=rows(packets.wire),
        time=rows(packets.time),
    )
