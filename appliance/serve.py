# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a service: step after step, until it has nothing more to do or somebody asks it to end."""

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Protocol

from appliance.readiness import tell_alive, tell_ready, tell_stopping

#: How loud a line of the journal is (sd-daemon(3)).
WARNING, NOTICE = 4, 5


def say(loudness: int, words: str) -> None:
    """Write a line to the journal, or a terminal; what comes from the network is not in it, or was cleaned."""
    sys.stderr.write(f"{words}\n" if sys.stderr.isatty() else f"<{loudness}>{words}\n")
    sys.stderr.flush()


class Stepping(Protocol):
    """A service."""

    def step(self) -> bool:
        """Do what there is to do now; False if nothing will come any more."""

    def close(self) -> None:
        """Write everything, and end."""


def serve(service: Stepping, wait: Callable[[], None]) -> None:
    """Take steps, waiting between them, until SIGTERM or SIGINT; then close the service, whatever happened."""
    asked: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    tell_ready()
    try:
        while not asked and service.step():
            tell_alive()
            if not asked:
                wait()
    finally:
        tell_stopping()
        service.close()
        for number, handler in before.items():
            signal.signal(number, handler)
