# SPDX-License-Identifier: GPL-2.0-or-later
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.network import Namespace

COMMAND = [sys.executable, "-c", "from appliance.cli import main; main()", "doctor", "--json", "--seconds", "1.5"]
PHONE, SPEAKER, ROUTER = b"\x02\0\0\0\0\x05", b"\x02\0\0\0\0\x06", b"\x02\0\0\0\0\x01"
ALL = b"\xff" * 6
DATA = b"\x88\xb5" + bytes(100)


@pytest.fixture
def net() -> Iterator[Namespace]:
    """A machine with two ports, eth0 with a cable to the router, eth1 with one to the house, not joined."""
    with Namespace() as net:
        net.wire("router", "eth0")
        net.wire("house", "eth1")
        yield net


@pytest.fixture
def bridged(net: Namespace) -> Namespace:
    """The same with a bridge of both."""
    net.run("ip link add br0 type bridge stp_state 0")
    for port in ("eth0", "eth1"):
        net.run(f"ip link set {port} master br0")
    net.run("ip link set br0 up")
    return net


def doctor(net: Namespace, folder: Path, sent: dict[str, list[bytes]], settings: str = "") -> dict[str, Any]:
    """Return what the doctor says while these frames come in by these cables, again and again."""
    path = folder / "earwitness.toml"
    path.write_text(f'{settings}\n[paths]\nstate = "{folder}"\nrun = "{folder}"\n')
    command = ["ip", "netns", "exec", net.name, *COMMAND, "--settings", str(path)]
    with ExitStack() as stack:
        plugs = {cable: stack.enter_context(net.plug(cable)) for cable in sent}
        process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        while True:
            for cable, frames in sent.items():
                for frame in frames:
                    plugs[cable].send(frame)
            try:
                said = process.communicate(timeout=0.1)[0]
                break
            except subprocess.TimeoutExpired:
                continue
    found: dict[str, Any] = json.loads(said)
    assert process.returncode == ["ok", "warning", "problem"].index(found["level"])
    return found


def of(found: dict[str, Any], topic: str) -> list[tuple[str, str]]:
    return [(each["level"], each["seen"]) for each in found["findings"] if each["topic"] == topic]


def frame(sender: bytes, receiver: bytes) -> bytes:
    return receiver + sender + DATA


TALK = {"house": [frame(SPEAKER, ROUTER), frame(PHONE, ROUTER)], "router": [frame(ROUTER, SPEAKER)]}


def test_between(bridged: Namespace, tmp_path: Path) -> None:
    """A bridge through which a conversation passes in both directions is in its place."""
    found = doctor(bridged, tmp_path, TALK)
    ((level, seen),) = of(found, "placement")
    assert (level, "br0 is a bridge between eth0 and eth1" in seen) == ("ok", True)
    ((level, seen),) = of(found, "sight")
    assert (level, "1 conversation between 2 other devices" in seen) == ("ok", True)
    assert of(found, "kernel")[0][0] == "ok"
    assert of(found, "losses") == []


def test_beside(net: Namespace, tmp_path: Path) -> None:
    """A machine that hangs on the router sees what is for all and for itself, and is told to move."""
    mac = bytes.fromhex((net.run("cat /sys/class/net/eth0/address")).strip().replace(":", ""))
    found = doctor(net, tmp_path, {"router": [frame(PHONE, ALL), frame(SPEAKER, ALL), frame(ROUTER, mac)]})
    assert of(found, "placement")[0][0] == "problem"
    ((level, seen),) = of(found, "sight")
    assert (level, "3 devices showed themselves on eth0" in seen) == ("problem", True)
    (remedy,) = (each["remedy"] for each in found["findings"] if each["topic"] == "sight")
    assert "between router and access point" in remedy


def test_beside_with_a_bridge(bridged: Namespace, tmp_path: Path) -> None:
    """A bridge does not help if only one of its ports leads anywhere."""
    bridged.run("ip link set house down")
    found = doctor(bridged, tmp_path, {"router": [frame(PHONE, ALL), frame(SPEAKER, ALL)]})
    assert of(found, "ports") == [("problem", "eth1 has no connection.")]
    assert of(found, "sight")[0][0] == "problem"


def test_a_mirror(net: Namespace, tmp_path: Path) -> None:
    """One port to which a switch copies both directions of others is in its place; of one direction it is told."""
    settings = '[capture]\nplacement = "mirror"\ninterfaces = ["eth0"]'
    both = [frame(SPEAKER, ROUTER), frame(ROUTER, SPEAKER)]
    found = doctor(net, tmp_path, {"router": both}, settings)
    assert of(found, "placement")[0][0] == of(found, "sight")[0][0] == "ok"
    found = doctor(net, tmp_path, {"router": both[:1]}, settings)
    assert of(found, "sight")[0][0] == "warning"


def test_both_cables_in_one_network(bridged: Namespace, tmp_path: Path) -> None:
    """The same device on both ports is a loop."""
    found = doctor(bridged, tmp_path, {"house": [frame(SPEAKER, ALL)], "router": [frame(SPEAKER, ALL)]})
    ((level, seen),) = of(found, "sight")
    assert (level, "same 1 device came in on two ports" in seen) == ("problem", True)


def test_a_quiet_house(bridged: Namespace, tmp_path: Path) -> None:
    """Devices on both sides that say nothing to each other are no proof; nothing at all is a problem."""
    found = doctor(bridged, tmp_path, {"house": [frame(SPEAKER, ALL)], "router": [frame(ROUTER, ALL)]})
    assert of(found, "sight")[0][0] == "warning"
    assert of(doctor(bridged, tmp_path, {}), "sight")[0][0] == "problem"


def test_what_else_is_seen_on_the_wire(bridged: Namespace, tmp_path: Path) -> None:
    """VLAN tags, ports of different MTU, STP, a port that blocks, and ports that nobody watches are told."""
    bridged.wire("attic", "eth2")
    bridged.run("ip link set eth2 master br0 mtu 1400")
    bridged.run("ip link set br0 type bridge stp_state 1")
    bridged.run("ip link set eth1 down")
    bridged.run("ip link set eth1 up")
    found = doctor(bridged, tmp_path, {"house": [ROUTER + SPEAKER + b"\x81\x00\x00\x2a" + DATA]})
    assert "VLAN tags: 42." in of(found, "vlans")[0][1]
    assert of(found, "mtu")[0][0] == "warning"
    told = " ".join(seen for _, seen in of(found, "ports"))
    assert "do not name: eth2" in told
    assert "looks for loops by STP" in told
    assert "does not let frames through eth1" in told


def test_without_the_right_to_look(bridged: Namespace, tmp_path: Path) -> None:
    """Who may not look at the network is told so, and the rest is looked at."""
    path = tmp_path / "earwitness.toml"
    path.write_text(f'[paths]\nstate = "{tmp_path}"\nrun = "{tmp_path}"\n')
    drop = ["setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw"]
    command = ["ip", "netns", "exec", bridged.name, *drop, *COMMAND, "--settings", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    ((level, _),) = of(found, "sight")
    assert level == "warning"
    assert of(found, "disk") != []
