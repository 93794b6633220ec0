# SPDX-License-Identifier: GPL-2.0-or-later
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path

from appliance.events import Service
from appliance.ledger import Reader
from appliance.ledger.rows import FINDINGS
from appliance.settings import Paths
from appliance.status import HubStatus, read_status
from tests.web.test_server import free_port

PATIENCE_S = 60.0
EARWITNESS = str(Path(sys.executable).with_name("earwitness"))


def eventually(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def running(folder: Path, port: int, more: str = "", **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the hub with a dashboard on that port; what it says is in ``folder``/said."""
    settings = folder / "earwitness.toml"
    paths = "".join(f'{name} = "{folder / name}"\n' for name in ("state", "run", "rules"))
    settings.write_text(f'[web]\naddress = "127.0.0.1"\nport = {port}\nhttps = "off"\n{more}[paths]\n{paths}')
    with (folder / "said").open("w") as said:
        command = [EARWITNESS, "hub", "--settings", str(settings)]
        process = subprocess.Popen(command, stderr=said, text=True, env={**os.environ, **environment})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def asked(port: int, page: str) -> tuple[int, str]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
        try:
            connection.request("GET", page)
            answer = connection.getresponse()
        except (ConnectionRefusedError, ConnectionResetError, RemoteDisconnected):
            return 0, ""
        return answer.status, answer.headers.get("Location", "")


def judging(folder: Path) -> HubStatus | None:
    return read_status(folder / "run", Service.HUB, HubStatus)


def test_the_dashboard_is_served_beside_the_judge(tmp_path: Path) -> None:
    """The first start tells the one-time code, every page leads to the first run, and both end when asked to."""
    port = free_port()
    with running(tmp_path, port) as hub:
        eventually(lambda: asked(port, "/") == (303, "/setup"))
        code = (tmp_path / "state" / "setup-code").read_text().strip()
        assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}", code)
        assert code in (tmp_path / "said").read_text()
        eventually(lambda: judging(tmp_path) is not None)
        hub.send_signal(signal.SIGTERM)
        assert hub.wait(PATIENCE_S) == 0
    assert "Traceback" not in (tmp_path / "said").read_text()


def test_a_web_that_cannot_be_stops_no_judging(tmp_path: Path) -> None:
    """Where it cannot be known who may come in nobody is let in; the judge judges, and it is a finding."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "accounts.json").write_text("{")
    port = free_port()
    with running(tmp_path, port) as hub:
        eventually(lambda: "web-gone" in findings(tmp_path))
        assert asked(port, "/") == (0, "")
        hub.send_signal(signal.SIGTERM)
        assert hub.wait(PATIENCE_S) == 0


@contextmanager
def told_ready(folder: Path, port: int, more: str = "") -> Iterator[None]:
    """Run the hub as systemd does, until it has told that it is ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as plug:
        plug.bind(str(folder / "notify"))
        plug.settimeout(PATIENCE_S)
        with running(folder, port, more, NOTIFY_SOCKET=str(folder / "notify")):
            while plug.recv(100) != b"READY=1":
                pass
            yield


def test_who_waits_until_it_is_ready_finds_the_dashboard(tmp_path: Path) -> None:
    """It is told when the port can be connected to, so that nobody who is ordered after it tries in vain."""
    port = free_port()
    with told_ready(tmp_path, port):
        assert asked(port, "/") == (303, "/setup")
        assert (tmp_path / "state" / "setup-code").exists()


def test_without_a_dashboard_it_is_ready_to_judge(tmp_path: Path) -> None:
    """Where the settings want none, or there cannot be one, systemd waits for none."""
    with told_ready(tmp_path, free_port(), "serve = false\n"):
        assert not (tmp_path / "state" / "setup-code").exists()
    (tmp_path / "notify").unlink()
    (tmp_path / "state" / "accounts.json").write_text("{")
    with told_ready(tmp_path, free_port()):
        assert not (tmp_path / "state" / "setup-code").exists()


def findings(folder: Path) -> set[str]:
    if judging(folder) is None:
        return set()
    with closing(Reader(Paths(state=folder / "state").ledger)) as reader:
        return {found.kind for _, found in reader.facts(FINDINGS[Service.HUB])}
