# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames in which devices show themselves, dissected by a process of their own: the fast path never waits for scapy.

The process starts with the first frame and ends when none came for a minute, so that its memory is lent only. It speaks
one JSON object a line: a frame in, the sightings in it out.
"""

import base64
import json
import queue
import subprocess
import sys
import threading
from collections import deque
from select import select
from typing import IO

from appliance.events import Glimpse, Sighting, SightingKind
from appliance.limits import DISSECT_IDLE_S, DISSECT_S, DISSECTED_BYTES, GLIMPSES_WAITING


class Dissector:
    """Takes glimpses without waiting, gives sightings when they are ready. What finds no room is counted."""

    def __init__(self) -> None:
        self.dropped = 0  #: glimpses that found no room
        self.failed = 0  #: processes that died or took too long over a frame
        self._waiting: queue.Queue[Glimpse | None] = queue.Queue(GLIMPSES_WAITING)
        self._sightings: deque[Sighting] = deque()
        self._thread = threading.Thread(target=self._run, name="dissector", daemon=True)
        self._thread.start()

    def feed(self, glimpse: Glimpse) -> tuple[()]:
        """Take a glimpse; what it shows comes by ``ready``."""
        try:
            self._waiting.put_nowait(glimpse)
        except queue.Full:
            self.dropped += 1
        return ()

    def ready(self) -> list[Sighting]:
        """Return what was found since the last call, in the order of the frames."""
        return [self._sightings.popleft() for _ in range(len(self._sightings))]

    def close(self) -> None:
        """Finish what waits, and end the process."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        child: subprocess.Popen[bytes] | None = None
        while True:
            try:
                glimpse = self._waiting.get(timeout=DISSECT_IDLE_S if child else None)
            except queue.Empty:
                _end(child)
                child = None
                continue
            if glimpse is None:
                _end(child)
                return
            child = self._dissect(child or _start(), glimpse)

    def _dissect(self, child: subprocess.Popen[bytes], glimpse: Glimpse) -> subprocess.Popen[bytes] | None:
        try:
            self._sightings.extend(_ask(child, glimpse))
        except (OSError, ValueError, KeyError, TypeError):
            self.failed += 1
            child.kill()
            _end(child)
            return None
        return child


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-m", "appliance.sightings.dissecting"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own module


def _end(child: subprocess.Popen[bytes] | None) -> None:
    if child is not None:
        child.communicate()


def _ask(child: subprocess.Popen[bytes], glimpse: Glimpse) -> list[Sighting]:
    """Return what the process finds in a frame; OSError or ValueError if it does not answer as it should, in time."""
    if child.stdin is None or child.stdout is None:
        raise OSError("the process has no pipes")
    time, device, link, frame = glimpse
    question = {"time": time, "device": device, "link": link, "frame": base64.b64encode(frame).decode()}
    child.stdin.write(json.dumps(question).encode() + b"\n")
    child.stdin.flush()
    return [Sighting(time, device, SightingKind(kind), str(value)) for kind, value in json.loads(_line(child.stdout))]


def _line(pipe: IO[bytes]) -> bytes:
    """Return one line; OSError if none comes in time, or a far too long one."""
    if not select([pipe], [], [], DISSECT_S)[0]:
        raise OSError("no answer in time")
    line = pipe.readline(DISSECTED_BYTES)
    if not line.endswith(b"\n"):
        raise OSError("no whole answer")
    return line
