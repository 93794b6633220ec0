# SPDX-License-Identifier: GPL-2.0-or-later
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.commands.test_selftest import PATIENCE_S, running
from tests.commands.test_services import EARWITNESS


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start it with a folder for what is temporary, so that one sees whether anything is left."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [EARWITNESS, "demo", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_interrupts_its_preparations_finds_nothing_left(tmp_path: Path, number: signal.Signals) -> None:
    """Its folder ends with it, and it says by its exit status that it was interrupted."""
    with start(tmp_path) as process:
        try:
            end = time.monotonic() + PATIENCE_S
            while not list(tmp_path.glob("*/played")):
                assert time.monotonic() < end
                time.sleep(0.02)
            process.send_signal(number)
            said, complaints = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert (process.returncode, said) == (130, ""), complaints
    assert list(tmp_path.iterdir()) == []
    assert not running(tmp_path)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """Before anything is prepared, with what helps."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        _, complaints = (process := start(tmp_path, "--port", str(port))).communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert complaints.startswith(f"earwitness: port {port}: ")
    assert "Without --port" in complaints
    assert list(tmp_path.iterdir()) == []
