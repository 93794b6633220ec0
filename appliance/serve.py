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


def serve(service: Stepping, wait: Callable[[], None], is_ready: Callable[[], bool] = lambda: True) -> None:
    """Take steps, waiting between them, until SIGTERM or SIGINT; then close the service, whatever happened.

    systemd hears that the service is ready as soon as ``is_ready``, which is asked before each step until then.
    """
    asked: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    told = False
    try:
        while not asked:
            if not told and (told := is_ready()):
                tell_ready()
            if not service.step():
                break
            tell_alive()
            if not asked:
                wait()
    finally:
        tell_stopping()
        service.close()
        for number, handler in before.items():
            signal.signal(number, handler)
