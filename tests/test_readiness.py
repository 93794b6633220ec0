# SPDX-License-Identifier: GPL-2.0-or-later
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.readiness import tell_alive, tell_ready, tell_stopping

SAID = [(tell_ready, b"READY=1"), (tell_alive, b"WATCHDOG=1"), (tell_stopping, b"STOPPING=1")]


@pytest.mark.parametrize(("tell", "said"), SAID)
@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told(
    tell: Callable[[], None],
    said: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    abstract: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Each state reaches the socket that NOTIFY_SOCKET names, a file or an abstract one."""
    name = f"@earwitness-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name.replace("@", "\0"))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        tell()
        assert systemd.recv(100) == said


@pytest.mark.parametrize("address", ["", "/nowhere/notify", "@nobody", "vsock:2:1", "/" + "long" * 50])
def test_nobody_listens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens the service goes on."""
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    tell_ready()
    monkeypatch.delenv("NOTIFY_SOCKET")
    tell_ready()


def test_a_manager_that_does_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full socket does not make the service wait."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(path))
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        for _ in range(10_000):
            tell_alive()
        assert systemd.recv(100) == b"WATCHDOG=1"
