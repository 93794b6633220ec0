# SPDX-License-Identifier: GPL-2.0-or-later
"""The installed services as processes, with a folder of their own for all they write."""

import json
import signal
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.events import Service, Verdict
from appliance.ledger.reader import Reader
from appliance.ledger.rows import VERDICT
from appliance.limits import SELFTEST_END_S, SELFTEST_LOOK_S, SELFTEST_WORDS
from appliance.settings import Paths
from appliance.status import HubStatus, read_status

Process = subprocess.Popen[bytes]
_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


class SelftestError(Exception):
    """A service did not do what it should: which, and what it said."""


class Trial:
    """One trial of capture and hub: their settings, and what they write."""

    def __init__(self, folder: Path, **sections: dict[str, object]) -> None:
        """Take a folder to make, and sections of the settings; the dashboard is served if they say where."""
        self.paths = Paths(state=folder / "state", run=folder / "run", rules=folder / "rules")
        self._folder = folder
        self._settings = folder / "earwitness.toml"
        folder.mkdir()
        paths: dict[str, object] = {name: str(path) for name, path in self.paths}
        whole: dict[str, dict[str, object]] = {"web": {"serve": False}, **sections, "paths": paths}
        self._settings.write_text("".join(_section(name, values) for name, values in whole.items()), encoding="utf-8")

    @contextmanager
    def running(self, service: Service) -> Iterator[Process]:
        """Run a service for so long; it is ended however that ends."""
        program = Path(sysconfig.get_path("scripts"), "earwitness")
        command: list[Path | str] = [program, service.value, "--settings", self._settings]
        process: Process | None = None
        try:
            with self._log(service).open("wb") as log, _uninterrupted():
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603 - ours
            yield process
        finally:
            if process is not None:
                _end(process)

    def wait(self, services: dict[Service, Process], ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait until something is ready. Raises SelftestError if a service ends, or after so many seconds."""
        end = time.monotonic() + seconds
        while not ready():
            for service, process in services.items():
                if process.poll() is not None:
                    raise SelftestError(f"the service {service} ended by itself: {self._words(service)}")
            if time.monotonic() > end:
                said = "; ".join(f"{service}: {self._words(service)}" for service in services)
                raise SelftestError(f"{what} took more than {seconds:.0f} s ({said})")
            time.sleep(SELFTEST_LOOK_S)

    def finish(self, service: Service, process: Process) -> None:
        """Take it that a service has ended. Raises SelftestError if it ended badly."""
        if process.wait():
            raise SelftestError(f"the service {service} failed with {process.returncode}: {self._words(service)}")

    def judged(self, until: float) -> bool:
        """Say whether the hub has judged everything up to a moment."""
        status = read_status(self.paths.run, Service.HUB, HubStatus)
        return status is not None and (status.judged_until or 0.0) >= until and not status.backlog

    def verdicts(self) -> list[Verdict]:
        """Return what the ledger holds by now; the hub has opened it."""
        reader = Reader(self.paths.ledger)
        try:
            return [verdict for _, verdict in reader.facts(VERDICT)]
        finally:
            reader.close()

    def _log(self, service: Service) -> Path:
        return self._folder / f"{service}.log"

    def _words(self, service: Service) -> str:
        """Return the last that a service said."""
        lines = self._log(service).read_text(errors="replace").split("\n")
        return " ".join(line.strip() for line in lines if line.strip())[-SELFTEST_WORDS:] or "it said nothing"


def _section(name: str, values: dict[str, object]) -> str:
    """Return a table in TOML, whose strings, numbers and lists are written as in JSON."""
    return f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off interrupts: nobody would end a process that is half started."""
    asked: list[int] = []
    before = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in _INTERRUPTS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for each in asked:
        signal.raise_signal(each)


def _end(process: Process) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(SELFTEST_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
