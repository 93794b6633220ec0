# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a machine stands in the network: placed, kept, taken back and undone, on clean Debian under systemd."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.e2e.house import until
from tests.e2e.install.machine import EVERY, MACS, SELDOM, Backend, Machine
from tests.e2e.install.street import ROUTER

PLACE = ["earwitness", "place", "bridge", "--ports", "eth0,eth1"]
#: Where it is told that a change went back by itself.
FOLDER, WORD = "/var/lib/earwitness-install", "/var/lib/earwitness-install/taken-back.json"
_PATIENCE_S = 180.0


@pytest.fixture
def machine(suite: str, backend: Backend) -> Iterator[Machine]:
    """A machine with an address on eth0, and the command."""
    with closing(Machine(suite, backend, product=True)) as machine:
        until("an address on eth0", lambda: machine.address("eth0"))
        yield machine


def back_to(machine: Machine, before: dict[str, str], why: str = "") -> None:
    """Wait until the machine has its address on eth0 and no bridge, and see that its files are as they were.

    ``why`` is what is told of it, if it went back by itself.
    """
    until("an address on eth0 again", lambda: machine.address("eth0"), _PATIENCE_S)
    until("nothing left that waits", lambda: (FOLDER in machine.files()) == bool(why), _PATIENCE_S)
    if why:
        until("word of it", lambda: why in machine.run(["cat", WORD], check=False), _PATIENCE_S)
    assert machine.ask(["ip", "link", "show", "br0"]).returncode != 0
    told = {FOLDER, WORD} if why else set()
    assert machine.files().keys() - before.keys() == told
    assert {path: looks for path, looks in machine.files().items() if path not in told} == before
    assert machine.failed() == ""


@pytest.mark.parametrize(("suite", "backend"), EVERY)
def test_a_bridge_that_is_kept_and_undone(machine: Machine) -> None:
    """It forwards, keeps eth0's MAC, is there after a restart, changes nothing the second time, and leaves no trace."""
    before = machine.files()
    shown = machine.run([*PLACE, "--dry-run"])
    assert "/etc/earwitness/earwitness.toml" in shown
    assert machine.files() == before
    assert "3 minutes" in machine.run(PLACE)
    assert machine.street.reached()
    assert MACS["eth0"] in machine.run(["ip", "link", "show", "br0"])
    assert "stays" in machine.run(["earwitness", "confirm-network"])
    placed = machine.files()
    assert "already" in machine.run(PLACE)
    assert machine.files() == placed
    machine.reboot()
    until("an address on br0", lambda: machine.address("br0"))
    assert machine.street.reached()
    assert machine.street.tagged() == 7
    settings = ("multicast_snooping", "stp_state", "nf_call_iptables", "nf_call_ip6tables")
    assert machine.run(["cat", *(f"/sys/class/net/br0/bridge/{name}" for name in settings)]).split() == ["0"] * 4
    filters = ["sysctl", "-n", "net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables"]
    if machine.ask(filters).returncode == 0:  # this kernel has br_netfilter
        assert machine.run(filters).split() == ["0", "0"]
    assert machine.failed() == ""
    assert "as it was before" in machine.run(["earwitness", "place", "--undo"])
    back_to(machine, before)
    machine.reboot()
    back_to(machine, before)


@pytest.mark.parametrize(("suite", "backend"), EVERY)
def test_a_change_that_nobody_keeps_goes_back(machine: Machine) -> None:
    """By itself after its time; at the next start after a power cut, also one in the midst of the change."""
    before = machine.files()
    machine.run([*PLACE, "--minutes", "0.5"])
    assert machine.street.reached()
    back_to(machine, before, "unconfirmed")
    if machine.backend == "ifupdown":
        assert "dhclient" in machine.run(["ps", "-e"]), (
            "who asks for the next address was ended with the timer's service"
        )

    machine.run(PLACE)
    machine.reboot(cut=True)
    back_to(machine, before, "restarted")

    with machine.start(PLACE) as placing:
        until("the change to begin", lambda: "/etc/sysctl.d/90-earwitness.conf" in machine.files())
        machine.reboot(cut=True)
        placing.wait()
    until("an address on eth0 again", lambda: machine.address("eth0"), _PATIENCE_S)
    machine.run(["earwitness", "place", "--undo"])  # takes away the word, if there is one
    back_to(machine, before)


@pytest.mark.parametrize(("suite", "backend"), SELDOM)
def test_a_bridge_without_an_answer_goes_back_at_once(machine: Machine) -> None:
    """The machine had an address and gets none any more: it says so, and is as it was before."""
    before = machine.files()
    machine.street.router.run("nft add table inet deaf")
    machine.street.router.run("nft add chain inet deaf in { type filter hook input priority 0 ; }")
    machine.street.router.run("nft add rule inet deaf in udp dport 67 drop")
    machine.street.router.run("nft add rule inet deaf in icmpv6 type nd-router-solicit drop")
    placed = machine.ask(PLACE)
    assert placed.returncode == 2
    assert "as it was before" in placed.stdout
    machine.street.router.run("nft delete table inet deaf")
    back_to(machine, before)


@pytest.mark.parametrize(("suite", "backend"), EVERY)
def test_the_bridge_needs_nothing_of_ours(machine: Machine) -> None:
    """It forwards while our service is killed, and after everything of ours was removed, a restart between."""
    machine.run(PLACE)
    machine.run(["earwitness", "confirm-network"])
    machine.run(["systemctl", "kill", "--signal=KILL", "earwitness-loops.service"])
    assert machine.street.reached()
    machine.run(["rm", "-rf", "/opt/earwitness", "/usr/local/bin/earwitness", "/var/lib/earwitness-install"])
    machine.reboot()
    until("an address on br0", lambda: machine.address("br0"))
    assert machine.street.reached()


@pytest.mark.parametrize(("suite", "backend"), SELDOM)
def test_a_mirror_port_never_says_anything(machine: Machine) -> None:
    """It is up without an address, the machine's own stays where it is, and nothing of it is left."""
    before = machine.files()
    machine.run(["tee", "/run/place.json"], stdin='{"placement": "mirror", "ports": ["eth1"]}')
    machine.run(["earwitness", "place", "--asked", "/run/place.json"])
    machine.run(["earwitness", "confirm-network"])
    for _ in ("now", "after a restart"):
        until("both ports", lambda: machine.address("eth0") and " UP " in machine.run("ip -br link show eth1"))
        assert machine.run("ip -br address show eth1").split()[2:] == []
        assert 'placement = "mirror"' in machine.run(["cat", "/etc/earwitness/earwitness.toml"])
        machine.reboot()
    machine.run(["earwitness", "place", "--undo"])
    back_to(machine, before)


@pytest.mark.parametrize(("suite", "backend"), SELDOM)
def test_what_has_a_fixed_address_keeps_it(machine: Machine) -> None:
    """The bridge has the address that somebody gave to eth0, without any DHCP, also after a restart."""
    fixed = {
        "networkd": ("systemd/network/10-wired.network", "[Match]\nName=eth0\n\n[Network]\nAddress=192.168.77.9/24\n"),
        "networkmanager": (
            "NetworkManager/system-connections/Wired connection 1.nmconnection",
            (
                "[connection]\nid=Wired connection 1\ntype=ethernet\ninterface-name=eth0\n\n"
                "[ipv4]\nmethod=manual\naddress1=192.168.77.9/24,192.168.77.1\n"
            ),
        ),
        "ifupdown": ("network/interfaces", "auto eth0\niface eth0 inet static\n    address 192.168.77.9/24\n"),
    }
    path, text = fixed[machine.backend]
    (machine.root / "etc" / path).write_text(text, encoding="utf-8")
    machine.reboot()
    until("the fixed address", lambda: machine.address("eth0") == "192.168.77.9")
    before = machine.files()
    machine.run(PLACE)
    machine.run(["earwitness", "confirm-network"])
    assert machine.address("br0") == "192.168.77.9"
    machine.reboot()
    until("the fixed address", lambda: machine.address("br0") == "192.168.77.9")
    assert machine.street.reached()
    machine.run(["earwitness", "place", "--undo"])
    until("the fixed address", lambda: machine.address("eth0") == "192.168.77.9")
    back_to(machine, before)


@pytest.mark.parametrize(("suite", "backend"), SELDOM)
def test_a_cable_too_many_parts_the_ports(machine: Machine) -> None:
    """While client and router are joined by a second way; the machine is reached all the while."""
    street = machine.street
    machine.run(PLACE)
    machine.run(["earwitness", "confirm-network"])
    street.client.run("ip link add switch up type bridge forward_delay 0 mcast_snooping 0")
    street.client.run("ip link set c0 master switch")
    street.client.wire("x0", "x1", street.router)
    street.client.run("ip link set x0 master switch")
    street.router.run("ip link set x1 master lan")
    parted = ["cat", "/sys/class/net/eth0/brport/isolated", "/sys/class/net/eth1/brport/isolated"]
    until("the ports to be parted", lambda: machine.run(parted).split() == ["1", "1"])
    until("the router to answer", lambda: machine.ask(["ping", "-c", "1", "-W", "2", ROUTER]).returncode == 0)
    street.router.run("ip link delete x1")
    until("the ports to be joined", lambda: machine.run(parted).split() == ["0", "0"])


@pytest.mark.parametrize(("suite", "backend"), SELDOM)
def test_a_terminal_that_goes_away_breaks_nothing_off(machine: Machine) -> None:
    """Who is there by SSH over eth0 loses the terminal in the midst of it: the change is made, and waits."""
    with machine.start(PLACE) as placing:
        until("the change to begin", lambda: "/etc/sysctl.d/90-earwitness.conf" in machine.files())
        machine.run(["pkill", "-HUP", "-f", "earwitness place"])
        if placing.stdout:
            placing.stdout.close()
        placing.wait()
    assert machine.address("br0")
    assert machine.street.reached()
    assert "stays" in machine.run(["earwitness", "confirm-network"])
