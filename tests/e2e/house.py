# SPDX-License-Identifier: GPL-2.0-or-later
"""A house on the real kernel: speakers, bridge, router in network namespaces, and the appliance's services on it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from appliance.clocks import Boot, read_clocks, this_boot
from appliance.events import Coverage, Service, Speech, Upload, Verdict, Wake
from appliance.ledger import LedgerError, Reader, open_ledger
from appliance.ledger.rows import UPLOAD, VERDICT, F, Table
from appliance.settings import Settings, parse_settings
from appliance.status import CaptureStatus, EarStatus, HubStatus, S, read_status
from tests.e2e.player import Wire
from tests.network import Namespace

T = TypeVar("T")
PATIENCE_S = 60.0  #: a loaded machine is slow, and no test waits longer than it must
MTU = 65_535  #: frames that offload merged go by these wires too
_SETTLED_S = 8.0  # by then an upload is known, and a wake word that nobody answered told
EARWITNESS = Path(sys.executable).with_name("earwitness")


def until(what: str, ask: Callable[[], T], patience: float = PATIENCE_S) -> T:
    """Ask until the answer is true in Python's sense, and return it; fail after a time."""
    end = time.monotonic() + patience
    while not (answer := ask()):
        if time.monotonic() > end:
            pytest.fail(f"waited {patience:.0f} s for {what}; the last answer is {answer!r}")
        time.sleep(0.02)
    return answer


class House:
    """The network: what is sent on ``home`` comes in by the bridge's port0, what is sent on ``world`` by its port1."""

    def __init__(self) -> None:
        with ExitStack() as stack:
            self.home, self.bridge, self.world = (stack.enter_context(Namespace()) for _ in range(3))
            self.bridge.run("ip link add br0 type bridge mcast_snooping 0")
            self.bridge.run("ip link set br0 up")
            self.plug_in(self.home, "home", "port0")
            self.plug_in(self.world, "world", "port1")
            self._stack = stack.pop_all()

    def plug_in(self, side: Namespace, far: str, port: str) -> None:
        """Lay a wire from a side to a port of the bridge."""
        side.wire(far, port, self.bridge)
        side.run(f"ip link set {far} mtu {MTU}")
        self.bridge.run(f"ip link set {port} mtu {MTU}")
        self.bridge.run(f"ip link set {port} master br0")
        self.bridge.until(f"bridge link show dev {port}", "state forwarding")

    def wires(self) -> list[Wire]:
        """Return what a player plays on: the house's side, and the world's."""
        with self.home.inside():
            home = Wire("home")
        with self.world.inside():
            return [home, Wire("world")]

    def close(self) -> None:
        """Take it down."""
        self._stack.close()

    def received(self, side: Namespace, far: str) -> int:
        """Return how many frames came through the bridge to the far end of a wire."""
        return int(side.run(f"cat /sys/class/net/{far}/statistics/rx_packets"))


class Appliance:
    """The services, with a folder of their own for what they keep."""

    def __init__(self, folder: Path, namespace: Namespace, **capture: object) -> None:
        """Take a folder, the bridge's namespace, and settings of the section ``capture``."""
        self.folder = folder
        self.namespace = namespace
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "settings.toml"
        watched = {"interfaces": ["port0", "port1"]} | capture
        lines = [f"{name} = {value!r}".replace("'", '"') for name, value in watched.items()]
        paths = [f'{name} = "{folder / name}"' for name in ("state", "run", "rules")]
        told = [
            "[capture]",
            *lines,
            "[evidence]",
            "free_mb = 0",
            "[web]",
            "serve = false",
            "[paths]",
            *paths,
        ]
        self.file.write_text("\n".join(told))
        self.settings: Settings = parse_settings("settings", self.file.read_bytes())
        for path in (self.settings.paths.state, self.settings.paths.run):
            path.mkdir(exist_ok=True)
        self.boot: Boot = this_boot(self.settings.paths.run)
        self.running: dict[Service, subprocess.Popen[bytes]] = {}

    def start(self, *services: Service) -> None:
        """Start services, and wait until they say that they are at work."""
        for service in services:
            with (self.folder / f"{service}.log").open("ab") as log:
                inside = ["ip", "netns", "exec", self.namespace.name]
                inside += [str(EARWITNESS), service, "--settings", str(self.file)]
                self.running[service] = subprocess.Popen(inside, stdout=log, stderr=log)
        for service in services:
            until(f"{service} to be at work: {self.log(service)}", partial(self.at_work, service))

    def at_work(self, service: Service) -> bool:
        """Say whether a service that runs has written its status."""
        process = self.running[service]
        assert process.poll() is None, f"{service} ended with {process.returncode}: {self.log(service)}"
        status = self.status(service)
        return status is not None and status.pid == process.pid

    def kill(self, service: Service) -> None:
        """Kill a service as the kernel does, without a word."""
        process = self.running.pop(service)
        process.kill()
        process.wait()

    def end(self, service: Service) -> tuple[int, float]:
        """Ask a service to end; return its exit code, and how many seconds it took."""
        process = self.running.pop(service)
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE_S)
        return code, time.monotonic() - begin

    def close(self) -> None:
        """End whatever runs."""
        for service in list(self.running):
            self.kill(service)

    def log(self, service: Service) -> str:
        """Return what a service said."""
        return (self.folder / f"{service}.log").read_text(errors="replace")

    def status(self, service: Service) -> CaptureStatus | EarStatus | HubStatus | None:
        """Return what a service says of itself."""
        asked = {Service.CAPTURE: self.capture, Service.EARS: self.ears, Service.HUB: self.hub}
        return asked[service]()

    def capture(self) -> CaptureStatus | None:
        """Return what the capture says of itself."""
        return self._read(Service.CAPTURE, CaptureStatus)

    def ears(self) -> EarStatus | None:
        """Return what the ears say of themselves."""
        return self._read(Service.EARS, EarStatus)

    def hub(self) -> HubStatus | None:
        """Return what the hub says of itself."""
        return self._read(Service.HUB, HubStatus)

    def judged(self, until: float) -> bool:
        """Say whether everything up to a steady time is judged, to the end."""
        hub = self.hub()
        return hub is not None and hub.open_uploads == 0 and (hub.judged_until or 0.0) > until + _SETTLED_S

    def steady(self, boottime: int) -> float:
        """Return the steady time, in seconds, of a reading of CLOCK_BOOTTIME in nanoseconds."""
        return (boottime + self.boot.anchor) / 1e9

    def wait_until(self, steady: float) -> None:
        """Wait until a moment of steady time."""
        until("a moment to come", lambda: self.steady(read_clocks().boot) > steady, PATIENCE_S + 60)

    def hear(self, facts: Iterable[Wake | Speech | Coverage]) -> None:
        """Write what ears hear, as their service does."""
        now = read_clocks().wall / 1e9
        with closing(open_ledger(self.settings.paths.ledger, service=Service.EARS, now=now)) as ledger:
            ledger.write(ledger.begin(self.boot.id, self.boot.anchor / 1e9), facts)

    def facts(self, table: Table[F]) -> list[F]:
        """Return all facts of a table, as a reader finds them now; none while there is no ledger."""
        try:
            with closing(Reader(self.settings.paths.ledger)) as reader:
                return [fact for _, fact in reader.facts(table)]
        except LedgerError:
            return []

    def uploads(self) -> list[Upload]:
        """Return the uploads that have ended."""
        return [upload for upload in self.facts(UPLOAD) if upload.ended_at is not None]

    def verdicts(self) -> list[Verdict]:
        """Return the final verdicts."""
        return [verdict for verdict in self.facts(VERDICT) if verdict.final]

    def _read(self, service: Service, kind: type[S]) -> S | None:
        return read_status(self.settings.paths.run, service, kind)


def memory(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
