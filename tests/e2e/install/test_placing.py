# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a machine stands in the network: placed, kept, taken back and undone, on clean Debian under systemd."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.e2e.house import until
from tests.e2e.install.machine import EVERY, MACS, Backend, Machine

PLACE = ["earwitness", "place", "bridge", "--ports", "eth0,eth1"]
_PATIENCE_S = 180.0


@pytest.fixture
def machine(suite: str, backend: Backend) -> Iterator[Machine]:
    """A machine with an address on eth0, and the command."""
    with closing(Machine(suite, backend, product=True)) as machine:
        until("an address on eth0", lambda: machine.address("eth0"))
        yield machine


def back_to(machine: Machine, before: dict[str, str]) -> None:
    """Wait until the machine has its address on eth0 and no bridge, and see that its files are as they were."""
    until("an address on eth0 again", lambda: machine.address("eth0"), _PATIENCE_S)
    until("nothing left that waits", lambda: "/var/lib/earwitness-install" not in machine.files(), _PATIENCE_S)
    assert machine.ask(["ip", "link", "show", "br0"]).returncode != 0
    assert machine.files() == before
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
    assert machine.run(
        ["cat", "/sys/class/net/br0/bridge/multicast_snooping", "/sys/class/net/br0/bridge/stp_state"]
    ) == ("0\n0\n")
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
    back_to(machine, before)

    machine.run(PLACE)
    machine.reboot(cut=True)
    back_to(machine, before)

    with machine.start(PLACE) as placing:
        until("the change to begin", lambda: "/etc/sysctl.d/90-earwitness.conf" in machine.files())
        machine.reboot(cut=True)
        placing.wait()
    back_to(machine, before)


@pytest.mark.parametrize(("suite", "backend"), EVERY)
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
