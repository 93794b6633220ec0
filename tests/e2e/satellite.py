# SPDX-License-Identifier: GPL-2.0-or-later
"""A satellite in a namespace of its own, on a wire of its own to the hub's; its clock is hours off."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.clocks import read_clocks, this_boot
from appliance.events import Service
from appliance.settings import parse_settings
from appliance.status import EarStatus, read_status
from tests.e2e.house import EARWITNESS, PATIENCE_S, Appliance, until
from tests.network import Namespace

HUB, HTTPS_PORT = "10.77.0.1", 8443
_WRONG_S = 5 * 3600
_WEB = f'[web]\naddress = "0.0.0.0"\nport = 8080\nhttps_port = {HTTPS_PORT}'


def serving(appliance: Appliance) -> None:
    """Have an appliance's hub serve the web, where a satellite finds it."""
    text = appliance.file.read_text().replace("[web]\nserve = false", _WEB)
    appliance.file.write_text(text)
    appliance.settings = parse_settings("settings", text.encode())


class Satellite:
    """A machine with a microphone and no ledger."""

    def __init__(self, folder: Path, hub: Appliance, device: str) -> None:
        """Take the hub that it will belong to, and its sound device."""
        self.folder = folder
        self._hub = hub
        self.namespace = Namespace()
        self.namespace.wire("sat0", "hub0", hub.namespace)
        self.namespace.run("ip addr add 10.77.0.2/24 dev sat0")
        hub.namespace.run(f"ip addr add {HUB}/24 dev hub0")
        folder.mkdir()
        self.file = folder / "earwitness.toml"
        paths = "".join(f'{name} = "{folder / name}"\n' for name in ("state", "run", "rules"))
        self.file.write_text(f'[[ears.microphones]]\nname = "mic"\ndevice = "{device}"\n[paths]\n{paths}')
        (folder / "run").mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._set_the_clock_wrong()

    @property
    def pid(self) -> int:
        """The process of its service."""
        assert self._process is not None
        return self._process.pid

    def pair(self, name: str) -> None:
        """Become an ear of the hub, as one does it by hand on both."""
        said = self._hub.namespace.run(f"{EARWITNESS} ears --settings {self._hub.file} invite")
        code = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){5}", said)
        assert code, said
        address = f"{HUB}:{HTTPS_PORT}"
        self.namespace.run(f"{EARWITNESS} ears --settings {self.file} pair {address} {code[0]} --name {name}")

    def start(self) -> None:
        """Listen, and wait until the hub knows."""
        with (self.folder / "ears.log").open("ab") as log:
            inside = ["ip", "netns", "exec", self.namespace.name, str(EARWITNESS), "ears", "--settings", str(self.file)]
            self._process = subprocess.Popen(inside, stdout=log, stderr=log)
        until("the satellite's ear to be told", self.heard_of)

    def heard_of(self) -> bool:
        """Say whether the hub tells of its ear."""
        assert self._process is None or self._process.poll() is None, self.log()
        told = read_status(self._hub.settings.paths.run, "satellites", EarStatus)
        return told is not None and bool(told.ears)

    def state(self) -> str:
        """Return how it says it is."""
        status = read_status(self.folder / "run", Service.EARS, EarStatus)
        return status.state if status else ""

    def log(self) -> str:
        """Return what it said."""
        return (self.folder / "ears.log").read_text(errors="replace")

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Within it, its wire is pulled."""
        self.namespace.run("ip link set sat0 down")
        yield
        self.namespace.run("ip link set sat0 up")

    def sent(self) -> int:
        """Return how many bytes have left it."""
        said = self.namespace.run("cat /sys/class/net/sat0/statistics/tx_bytes")
        return int(said)

    def open_files(self) -> dict[int, list[str]]:
        """Return what it, and the programs that it started, have open."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        return {
            pid: [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
            for pid in (self.pid, *map(int, children))
        }

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
        self.namespace.close()

    def _set_the_clock_wrong(self) -> None:
        boot = this_boot(self.folder / "run")
        wrong = boot._replace(anchor=boot.anchor - _WRONG_S * 10**9)
        (self.folder / "run" / "clock.json").write_text(json.dumps(wrong._asdict()))
        assert abs(read_clocks().wall / 1e9 - this_boot(self.folder / "run").steady(read_clocks())) > _WRONG_S - 60
