# SPDX-License-Identifier: GPL-2.0-or-later
"""The self-test on demand: the command in a process of its own, one at a time, and what it said."""

import os
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

from flask import current_app

from appliance.limits import SELFTEST_ALL_S

_KEY = "selftest"


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of it; times are wall-clock seconds."""

    begun: float
    status: int | None = None  #: as the command ended; None: it runs
    text: str = ""  #: what it said

    @property
    def right(self) -> bool:
        """Whether all was as it should be."""
        return self.status == 0


class SelfTest:
    """Runs the command; any thread may ask."""

    def __init__(self, command: tuple[str, ...] = ()) -> None:
        """Take what to run; by default the installed command."""
        self._command = command or (str(Path(sysconfig.get_path("scripts"), "earwitness")), "selftest")
        self._lock = Lock()
        self._thread: Thread | None = None
        self.trial: Trial | None = None  #: the newest one

    def start(self, now: float) -> bool:
        """Begin one; False if one runs already."""
        with self._lock:
            if self.trial and self.trial.status is None:
                return False
            self.trial = Trial(now)
            self._thread = Thread(target=self._run, args=(now,), name="selftest", daemon=True)
            self._thread.start()
        return True

    def wait(self) -> None:
        """Wait until the one that runs has ended."""
        if self._thread:
            self._thread.join()

    def _run(self, begun: float) -> None:
        try:
            said = subprocess.run(  # noqa: S603 - our own command
                self._command,
                capture_output=True,
                timeout=SELFTEST_ALL_S,
                check=False,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "COLUMNS": "100", "TERM": "dumb"},
            )
            text = (said.stdout + said.stderr).decode(errors="replace").strip()
            self.trial = Trial(begun, said.returncode, text)
        except (OSError, subprocess.SubprocessError) as error:
            self.trial = Trial(begun, -1, str(error))


def the_selftest() -> SelfTest:
    """Return the self-test of the application of this request."""
    found = current_app.extensions.setdefault(_KEY, SelfTest())
    assert isinstance(found, SelfTest)  # noqa: S101 - for the type checker: nobody else puts one there
    return found
