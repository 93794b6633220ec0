# SPDX-License-Identifier: GPL-2.0-or-later
"""The self-test on demand: the command in a process of its own, one at a time, and what it said."""

import os
import signal
import subprocess
import sysconfig
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
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
            with (
                TemporaryDirectory(prefix="earwitness-", ignore_cleanup_errors=True) as folder,
                self._begun(folder) as child,
            ):
                _comes_last(child.pid)
                try:
                    said, _ = child.communicate(timeout=SELFTEST_ALL_S)
                except subprocess.TimeoutExpired:
                    _end_all(child.pid)
                    said, _ = child.communicate()
                _end_all(child.pid)
            self.trial = Trial(begun, child.returncode, said.decode(errors="replace").strip())
        except OSError as error:
            self.trial = Trial(begun, -1, str(error))

    def _begun(self, folder: str) -> subprocess.Popen[bytes]:
        """Begin the command, in a group and with a folder of its own: what it starts and writes must not outlive it."""
        return subprocess.Popen(  # noqa: S603 - our own command
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COLUMNS": "100", "TERM": "dumb", "TMPDIR": folder},
            process_group=0,
        )


def _end_all(group: int) -> None:
    """End what the command started: killed, it could not do so itself."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _comes_last(pid: int) -> None:
    """Let this process, and what it starts, be the first to end where memory is short."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text("900", encoding="ascii")


def the_selftest() -> SelfTest:
    """Return the self-test of the application of this request."""
    found = current_app.extensions.setdefault(_KEY, SelfTest())
    assert isinstance(found, SelfTest)  # noqa: S101 - for the type checker: nobody else puts one there
    return found
