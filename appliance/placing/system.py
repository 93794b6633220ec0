# SPDX-License-Identifier: GPL-2.0-or-later
"""The edge: commands that are run, the timer that takes a change back, and what interfaces have by now."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from appliance.limits import ADDRESS_S, COMMAND_S
from appliance.placing.beside import EARWITNESS
from appliance.placing.plan import Command, File, PlacingError, run, tried
from appliance.placing.seen import Backend

#: The service that takes back what nobody confirmed: at the end of its timer, and at a start of the machine before
#: there is a network.
REVERT = "earwitness-network-revert"
_UNIT = """\
# Written by earwitness place; gone once a change is confirmed or taken back.
[Unit]
Description=Earwitness: takes back a change of the network that nobody confirmed
DefaultDependencies=no
RequiresMountsFor=/opt/earwitness /var/lib/earwitness-install /etc
After=local-fs.target
Before=network-pre.target systemd-networkd.service NetworkManager.service networking.service
Wants=network-pre.target
ConditionPathExists=/var/lib/earwitness-install/unconfirmed

[Service]
Type=oneshot
ExecStart={earwitness} revert-network
TimeoutStartSec=10min

[Install]
WantedBy=sysinit.target
"""
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


class System:
    """This machine."""

    def run(self, command: Command) -> None:
        """Run a command, for a minute at most. Raises PlacingError if it fails and may not."""
        trouble = said(command.words)[0]
        if trouble and not command.may_fail:
            raise PlacingError(f"{command}: {trouble}")

    def ready(self) -> None:
        """Raise PlacingError where a change could not be taken back by itself."""
        if not Path("/run/systemd/system").is_dir():
            raise PlacingError("systemd does not run this machine: nothing would take back a change that went wrong")
        if os.geteuid():
            raise PlacingError("only root may change the network: try it with sudo")
        if not Path(EARWITNESS).exists():
            raise PlacingError(f"there is no {EARWITNESS}, which takes a change back: sudo ./install.sh first")

    def arm(self, seconds: float) -> None:
        """Start the timer that takes back what nobody confirms. Raises PlacingError: then nothing may be changed."""
        self.run(run("systemctl daemon-reload"))
        self.run(tried(f"systemctl stop {REVERT}.timer"))
        when = f"--on-active={seconds:.0f}s"
        self.run(run("systemd-run --quiet", when, "--timer-property=AccuracySec=1s", f"--unit={REVERT}.service"))

    def disarm(self) -> None:
        """Stop the timer."""
        self.run(tried(f"systemctl stop {REVERT}.timer"))
        self.run(tried("systemctl daemon-reload"))

    def networked(self, backend: Backend | None) -> bool:
        """Say whether the network was brought up already, or tried to be: at a start of the machine it was not."""
        return backend is not None and said(("systemctl", "is-active", backend.unit))[1].strip() not in {"", "inactive"}

    def addressed(self, interface: str, family: str, patience: float = ADDRESS_S) -> bool:
        """Say whether an interface gets an address of a family that others can reach, sooner or later."""
        end = time.monotonic() + patience
        while family not in families().get(interface, ()):
            if time.monotonic() > end:
                return False
            time.sleep(0.5)
        return True


def revert_files() -> tuple[File, ...]:
    """Return the files of the service that takes a change back."""
    unit = Path("/etc/systemd/system") / f"{REVERT}.service"
    wanted = unit.parent / "sysinit.target.wants" / unit.name
    return File(path=unit, text=_UNIT.format(earwitness=EARWITNESS)), File(path=wanted, link=str(unit))


def said(words: tuple[str, ...]) -> tuple[str, str]:
    """Run a program; return what went wrong, or nothing, and what it said. All that it started ends with it."""
    try:
        process = subprocess.Popen(  # noqa: S603 - our own commands, without a shell
            words, env=_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, text=True, errors="replace",
        )  # fmt: skip
    except OSError as error:
        return f"{words[0]}: {error.strerror}", ""
    try:
        output, errors = process.communicate(timeout=COMMAND_S)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return f"took longer than {COMMAND_S:.0f} s", ""
    trouble = (errors.strip() or output.strip() or f"ended with {process.returncode}") if process.returncode else ""
    return trouble, output


def families() -> dict[str, set[str]]:
    """Return of which families (inet, inet6) each interface has addresses that others can reach."""
    found: dict[str, set[str]] = {}
    for link in as_json("ip", "-json", "address", "show"):
        for each in link.get("addr_info", ()):
            if each.get("scope") == "global":
                found.setdefault(str(link.get("ifname")), set()).add(str(each.get("family")))
    return found


def as_json(*words: str) -> list[dict[str, list[dict[str, str]]]]:
    """Return what a program of iproute2 says as JSON; nothing if it does not."""
    with suppress(ValueError):
        told = json.loads(said(words)[1] or "[]")
        return [each for each in told if isinstance(each, dict)]
    return []
