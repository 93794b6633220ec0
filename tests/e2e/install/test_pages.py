# SPDX-License-Identifier: GPL-2.0-or-later
"""The page Network on whole machines: from its form to root's units, the way back, and what it says of that."""

import sys
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.house import until
from tests.e2e.install.machine import SELDOM, Backend, Machine
from tests.e2e.install.test_install import install, plugged, release_for, run_well
from tests.e2e.visitor import PASSWORD, Visitor

_PATIENCE_S = 120.0
BRIDGE = {"placement": "bridge", "ports": "eth0 eth1", "password": PASSWORD}
_AS_ONE_SEES_IT = "[Service]\nProtectProc=default\nProtectKernelTunables=no\nProtectControlGroups=no\n"
TAKEN_BACK = "a change of the network was taken back"


@pytest.mark.parametrize(("suite", "backend"), [SELDOM[1], SELDOM[-2]])
def test_a_network_that_is_changed_by_the_page(suite: str, backend: Backend, stick: Path) -> None:
    """What cannot be is said; what the power took back is told until it was seen; what is kept stays."""
    with plugged(suite, backend, stick) as machine:
        said = install(machine, release_for(stick, suite))
        assert said.returncode == 0, said.stdout
        of_one_start(machine)
        owner = Visitor(machine.street.router, machine.address("eth0") or "")
        owner.own(machine.run(["earwitness", "setup-code"]).strip())

        owner.post("/network", "/network", **BRIDGE | {"ports": "eth0 eth7"})
        until("the reason", lambda: "there is no interface eth7" in owner.get("/network"), _PATIENCE_S)

        owner.post("/network", "/network", **BRIDGE)
        asked(machine, owner)
        assert machine.street.reached()
        machine.reboot(cut=True)
        for page in ("/", "/network"):
            told = until("word of it", partial(reached, machine, owner, "eth0", page), _PATIENCE_S)
            assert TAKEN_BACK in told
            assert "started again before anybody said" in told
        owner.post("/network", "/network/seen")
        assert [TAKEN_BACK in owner.get(page) for page in ("/", "/network")] == [False, False]

        owner.post("/network", "/network", **BRIDGE)
        asked(machine, owner)
        assert "The network stays as it is now" in owner.post("/network", "/network/keep")
        machine.reboot()
        told = until("the dashboard", lambda: reached(machine, owner, "br0", "/network"), _PATIENCE_S)
        assert TAKEN_BACK not in told
        assert machine.street.reached()
        run_well(machine)


def of_one_start(machine: Machine) -> None:
    """Have the hub see which start of the machine this is.

    nspawn mounts a file over the kernel's boot_id, and what Debian 12's systemd mounts for these settings lies above
    that: the hub would see the testing machine's own. Real machines have one.
    """
    folder = "/etc/systemd/system/earwitness-hub.service.d"
    machine.run(["mkdir", folder])
    machine.run(["tee", f"{folder}/container.conf"], stdin=_AS_ONE_SEES_IT)
    machine.run(["systemctl", "daemon-reload"])
    machine.run(["systemctl", "restart", "earwitness-hub"])


def asked(machine: Machine, owner: Visitor) -> None:
    """Wait until the pages ask whether the change shall stay; the machine may have another address by now."""
    try:
        until("the question", lambda: "Keep it?" in reached(machine, owner, "br0", "/"), _PATIENCE_S)
    finally:  # for whoever reads of a failure
        sys.stdout.write(machine.run("cat /run/earwitness-place/result /run/earwitness-place/said", check=False))
        sys.stdout.write(machine.journal("-u", "earwitness*"))


def reached(machine: Machine, owner: Visitor, interface: str, page: str) -> str:
    """Return a page, from an interface's address as it is now; nothing while there is none."""
    owner.address = machine.address(interface) or ""
    return owner.get(page) if owner.address else ""
