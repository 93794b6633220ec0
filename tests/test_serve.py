# SPDX-License-Identifier: GPL-2.0-or-later
import os
import signal
import socket
from pathlib import Path

import pytest

from appliance.serve import WARNING, say, serve


class Service:
    """Ends after some steps, or is asked to at one."""

    def __init__(self, steps: int, ask_at: int | None = None, fail_at: int | None = None) -> None:
        self.steps = steps
        self.done = 0
        self.closed = 0
        self._ask_at, self._fail_at = ask_at, fail_at

    def step(self) -> bool:
        """Take a step."""
        self.done += 1
        if self.done == self._fail_at:
            raise RuntimeError("broken")
        if self.done == self._ask_at:
            os.kill(os.getpid(), signal.SIGTERM)
        return self.done < self.steps

    def close(self) -> None:
        """Count that it was closed."""
        self.closed += 1


def test_a_service_runs_until_it_has_nothing_more_to_do() -> None:
    """Steps are taken, with a wait between, until one says that it was the last; then the service is closed."""
    service, waits = Service(3), []
    serve(service, lambda: waits.append(service.done))
    assert (service.done, waits, service.closed) == (3, [1, 2], 1)


def test_who_is_asked_to_end_ends_well() -> None:
    """SIGTERM ends the service after the step it is in, without another wait, and signals mean what they did before."""
    before = signal.getsignal(signal.SIGTERM)
    service, waits = Service(100, ask_at=5), []
    serve(service, lambda: waits.append(service.done))
    assert (service.done, service.closed, len(waits)) == (5, 1, 4)
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_broken_step_closes_the_service_too() -> None:
    """What was seen before an error is written all the same, and the error is told."""
    service = Service(100, fail_at=2)
    with pytest.raises(RuntimeError, match="broken"):
        serve(service, lambda: None)
    assert service.closed == 1


def test_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for the service hears that it is ready, that it lives, and that it is about to stop."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as plug:
        plug.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        serve(Service(2), lambda: None)
        assert [plug.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_who_is_not_ready_does_not_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service works and lives before who waits for it would find it; that it is ready is told once, when it is."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as plug:
        plug.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        service = Service(4)
        serve(service, lambda: None, lambda: service.done >= 2)
        heard = [plug.recv(100) for _ in range(5)]
        assert heard == [b"WATCHDOG=1", b"WATCHDOG=1", b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_the_journal_is_told_how_loud_a_line_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A line begins with its loudness, as systemd reads it."""
    say(WARNING, "the cable is out")
    assert capsys.readouterr().err == "<4>the cable is out\n"
