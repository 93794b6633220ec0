# SPDX-License-Identifier: GPL-2.0-or-later
"""The units on a whole machine: users of their own, the firewall, services that do not stay up, root's hands."""

import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.e2e.house import until
from tests.e2e.install.machine import Machine
from tests.e2e.memory import Bound
from tests.network import Namespace

MB = 1 << 20
PATIENCE_S = 180.0
LONG = pytest.mark.skipif(not os.environ.get("EARWITNESS_SLOW"), reason="long: only where EARWITNESS_SLOW=1 is set")
SERVICES = ("capture", "hub")
SETTINGS = '[capture]\nplacement = "mirror"\ninterfaces = ["eth0"]\n'
#: A telephone's server inside the machine: it keeps what it is sent.
RECEIVER = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Phone(BaseHTTPRequestHandler):
    def do_POST(self):
        with open("/tmp/told", "ab") as file:
            file.write(self.rfile.read(int(self.headers["Content-Length"])) + b"\\n")
        self.send_response(200); self.end_headers(); self.wfile.write(b"{}")
HTTPServer(("0.0.0.0", 9999), Phone).serve_forever()
"""
#: Gives the household a telephone, as the pages do.
HOUSEHOLD = """
import sys, glob
sys.path[:0] = ["/src", *glob.glob("/opt/earwitness/current/lib")]
from appliance.household import Channel, Household, Secrets
from appliance.settings import Paths
Household(Paths().household).add("channels", Channel(id="phone", kind="ntfy", name="Phone"))
Secrets(Paths().secrets).put("phone", {"topic": "t", "server": "http://127.0.0.1:9999"})
"""
#: Says which findings are in the ledger.
FINDINGS = """
import sqlite3
ledger = sqlite3.connect("/var/lib/earwitness/ledger/ledger.sqlite")
print(*(kind for (kind,) in ledger.execute("SELECT kind FROM hub_finding")))
"""
SOON = "[Timer]\nOnActiveSec=\nOnActiveSec=3s\nAccuracySec=1s\n"


@pytest.fixture(scope="module", params=["trixie", pytest.param("bookworm", marks=LONG)])
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine on which the units lie where they belong; everything runs, and a telephone is waiting."""
    with Machine(request.param, "networkd", product=True) as made:
        until("an address on eth0", lambda: made.address("eth0"), PATIENCE_S)
        said = made.run(["sh", "/src/image/units", "/src/systemd", ""]).split()
        units = [unit for unit in said if unit.startswith("earwitness") and "go-back" not in unit]
        made.run("systemd-sysusers")
        made.run("systemd-tmpfiles --create earwitness.conf")
        made.run(["python3", "-c", HOUSEHOLD])
        for path, text in {
            "/etc/earwitness/earwitness.toml": SETTINGS,
            "/etc/systemd/system/earwitness-again@.timer.d/soon.conf": SOON,
        }.items():
            put(made, path, text)
        made.run("systemctl daemon-reload")
        made.run(["systemctl", "enable", "-q", *units])
        made.run(
            ["systemctl", "start", "earwitness.target", *(unit for unit in units if unit.startswith("earwitness-"))]
        )
        made.run(["systemd-run", "--quiet", "--unit=phone", "python3", "-c", RECEIVER])
        until("the services to run", lambda: all(up(made, each) for each in SERVICES), PATIENCE_S)
        until("the dashboard", lambda: knock(made.street.router, made.address("eth0") or "", 80) == "open", PATIENCE_S)
        yield made


def put(machine: Machine, path: str, text: str) -> None:
    """Write a file in the machine."""
    machine.run(["sh", "-c", f'mkdir -p "$(dirname {path})" && cat >{path}'], stdin=text)


def told_by_systemd(machine: Machine, unit: str, what: str) -> str:
    return machine.run(["systemctl", "show", "-P", what, unit]).strip()


def up(machine: Machine, service: str) -> bool:
    return told_by_systemd(machine, f"earwitness-{service}", "SubState") == "running"


def knock(side: Namespace, address: str, port: int) -> str:
    """Knock at a door of the machine from outside."""
    with side.inside():
        plug = socket.socket()
    with closing(plug):
        plug.settimeout(2)
        with suppress(TimeoutError):
            try:
                plug.connect((address, port))
            except ConnectionRefusedError:
                return "closed"
            return "open"
    return "silent"


def crash(machine: Machine, service: str) -> None:
    """Kill a service each time it is there, until systemd gives up."""
    unit = f"earwitness-{service}"

    def failed() -> bool:
        if up(machine, service):
            machine.run(["systemctl", "kill", "-s", "SEGV", unit], check=False)
        return told_by_systemd(machine, unit, "ActiveState") == "failed"

    until(f"{unit} to fail", failed, PATIENCE_S)


def test_each_service_is_a_user_of_its_own(machine: Machine) -> None:
    """The ears stay away, since there is no microphone, and that is no failure."""
    users = {
        service: machine.run(["ps", "-o", "user:20=", "-p", main(machine, service)]).strip() for service in SERVICES
    }
    assert users == {"capture": "earwitness-capture", "hub": "earwitness"}
    assert told_by_systemd(machine, "earwitness-ears", "ActiveState") == "inactive"
    assert machine.failed() == ""


def main(machine: Machine, service: str) -> str:
    return told_by_systemd(machine, f"earwitness-{service}", "MainPID")


def test_this_systemd_finds_them_hardly_exposed(machine: Machine) -> None:
    """Each version counts in its own way: none gives the services more than 2 of 10."""
    folder, hands = "/etc/systemd/system", ("go-back", "place", "update")
    units = machine.run(f"find {folder} -maxdepth 1 -name earwitness-*.service").split()
    said = {unit: machine.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", unit]) for unit in units}
    exposed = {Path(unit).stem.removeprefix("earwitness-"): _score(text) for unit, text in said.items()}
    assert {*SERVICES, "ears", "firewall", "alarm", "confirm-network"} <= exposed.keys()
    assert {unit: score for unit, score in exposed.items() if score > 2.0 and unit not in hands} == {}, exposed


def _score(said: str) -> float:
    found = re.search(r"Overall exposure level for .*: ([\d.]+) ", said)
    assert found, said
    return float(found[1])


@pytest.mark.parametrize(
    ("command", "may"),
    [
        ("cat /var/lib/earwitness/household.json", True),
        ("cat /var/lib/earwitness/accounts.json", False),
        ("ls /var/lib/earwitness/secrets", False),
        ("touch /var/lib/earwitness/accounts.json.new", False),
        ("mv /var/lib/earwitness/secrets /var/lib/earwitness/mine", False),
        ("rm /var/lib/earwitness/household.json", False),
        ("touch /run/earwitness-asked/update", False),
        ("cat /etc/shadow", False),
        ("touch /var/lib/earwitness/ledger/there", True),
    ],
)
def test_who_takes_over_the_capture_has_not_got_the_house(machine: Machine, command: str, may: bool) -> None:  # noqa: FBT001
    """It reads who is watched and writes the ledger; accounts, channels and root's ear are not its business."""
    as_it = ["setpriv", "--reuid=earwitness-capture", "--regid=earwitness", "--clear-groups", *command.split()]
    assert (machine.ask(as_it).returncode == 0) == may


def test_the_doors(machine: Machine) -> None:
    """From the home the dashboard is open, and what listens beside it is not."""
    address = machine.address("eth0")
    assert address
    assert [knock(machine.street.router, address, port) for port in (80, 443, 9999)] == ["open", "open", "closed"]


@LONG
def test_a_capture_that_crashes_again_and_again_is_told_of(machine: Machine) -> None:
    """It fails after some starts; the hub tells people why, and after a while it is tried again."""
    crash(machine, "capture")
    until("the hub to tell", lambda: "capture-restless" in machine.run(["python3", "-c", FINDINGS]), PATIENCE_S)
    until("the alert", lambda: "message" in machine.run("cat /tmp/told", check=False), PATIENCE_S)
    until("it to be tried again", lambda: up(machine, "capture"), PATIENCE_S)


@LONG
def test_a_hub_that_crashes_again_and_again_is_told_of(machine: Machine) -> None:
    """Nobody else judges: systemd has it told, and tries again."""
    machine.run("rm -f /tmp/told")
    crash(machine, "hub")
    until("the alarm", lambda: "/health" in machine.run("cat /tmp/told", check=False), PATIENCE_S)
    until("it to say so", lambda: "Phone: " in machine.journal("-u", "earwitness-alarm", "-o", "cat"), PATIENCE_S)
    until("it to be tried again", lambda: up(machine, "hub"), PATIENCE_S)


@LONG
def test_a_capture_that_takes_too_much_memory_is_started_again(machine: Machine) -> None:
    """The kernel ends it, and nothing else; the next one watches."""
    slowly = (
        "[Service]\nExecStart=\nExecStart=/bin/sh -c 'sleep 5; exec /opt/earwitness/current/bin/earwitness capture'\n"
    )
    put(machine, "/run/systemd/system/earwitness-capture.service.d/slowly.conf", slowly)
    machine.run("systemctl daemon-reload")
    machine.run("systemctl reset-failed earwitness-capture")
    before = until("the hub", lambda: main(machine, "hub"), PATIENCE_S)
    with Bound(30 * MB) as bound:
        machine.run("systemctl restart --no-block earwitness-capture")
        first = until("the capture's first process", lambda: waiting(machine), PATIENCE_S)
        bound.take(outside(machine, first))
        until("it to be ended and started anew", lambda: waiting(machine) not in {"", first}, PATIENCE_S)
    until("the next one", lambda: up(machine, "capture"), PATIENCE_S)
    assert "signal" in machine.run("tail -n 1 /run/earwitness/capture.ended")
    assert main(machine, "hub") == before


def waiting(machine: Machine) -> str:
    """Return the number of the capture's shell, while it sleeps."""
    pid = main(machine, "capture")
    words = machine.run(["cat", f"/proc/{pid}/cmdline"], check=False)
    return pid if "sleep 5" in words else ""


def outside(machine: Machine, pid: str) -> int:
    """Return by which number a process of the machine is known here."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError, StopIteration):
            numbers = next(line for line in status.read_text().splitlines() if line.startswith("NSpid:")).split()[1:]
            same = (status.parent / "ns/pid").readlink() == Path(f"/proc/{machine._leader}/ns/pid").readlink()
            if len(numbers) > 1 and numbers[-1] == pid and same:
                return int(status.parent.name)
    pytest.fail(f"process {pid} is not there")


def test_root_is_asked_by_a_file_and_takes_it_away(machine: Machine) -> None:
    """What cannot be done is said to the page, and the next wish is looked at like the first."""
    draft, file = "/run/earwitness-asked/draft", "/run/earwitness-asked/place.json"
    for port in ("nowhere1", "nowhere2"):
        wish = json.dumps({"placement": "bridge", "ports": ["nowhere0", port]})
        machine.run(["sh", "-c", f"cat >{draft} && mv {draft} {file}"], stdin=wish)
        until("the answer", lambda: answered(machine), PATIENCE_S)
        assert answered(machine) == "refused"
        assert "earwitness-place" not in machine.failed()
        assert port in machine.run("cat /run/earwitness-place/said")


def test_a_change_that_the_page_asks_for_is_made_and_kept(machine: Machine) -> None:
    """Root's side places the machine, leaves the mark that the page looks for, and takes it away when asked to."""
    wish = ["sh", "-c", 'echo \'{"placement": "bridge", "ports": ["eth0", "eth1"]}\' >/run/earwitness-asked/place.json']
    machine.run(wish)
    until("the answer", lambda: answered(machine), PATIENCE_S)
    assert answered(machine) == "success", machine.run("cat /run/earwitness-place/said")
    mark = "/var/lib/earwitness-install/unconfirmed"
    assert json.loads(machine.run(["cat", mark]))["placement"] == "bridge"
    until("an address on the bridge", lambda: machine.address("br0"), PATIENCE_S)
    machine.run("touch /run/earwitness-asked/confirm-network")
    until("the change to be kept", lambda: machine.ask(["test", "-e", mark]).returncode, PATIENCE_S)
    until("the wish to be gone", lambda: machine.run("ls /run/earwitness-asked") == "", PATIENCE_S)
    assert "earwitness-network-revert" not in machine.run("systemctl list-timers --all --no-legend")
    assert "earwitness-confirm-network" not in machine.failed()


def answered(machine: Machine) -> str:
    """Return how the last placing ended; nothing while it goes on, or if nobody has begun with it."""
    if machine.run("ls /run/earwitness-asked"):
        return ""
    said = machine.run("cat /run/earwitness-place/result", check=False).strip()
    return "" if said == "running" else said
