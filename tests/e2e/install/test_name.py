# SPDX-License-Identifier: GPL-2.0-or-later
"""earwitness.local on a whole machine that is called otherwise, with the rights that the hub's unit leaves it."""

import os

import pytest

from tests.e2e.house import until
from tests.e2e.install.machine import Machine
from tests.e2e.install.street import ROUTER
from tests.e2e.neighbours import found_by_name

LONG = pytest.mark.skipif(not os.environ.get("EARWITNESS_SLOW"), reason="long: only where EARWITNESS_SLOW=1 is set")
PATIENCE_S = 180.0


@pytest.mark.parametrize("suite", ["trixie", pytest.param("bookworm", marks=LONG)])
def test_a_machine_of_another_name_is_found(suite: str) -> None:
    """By earwitness.local, as long as its hub runs; and whoever asks for the code is told so."""
    with Machine(suite, "networkd", product=True) as machine:
        until("an address on eth0", lambda: machine.address("eth0"), PATIENCE_S)
        machine.run(["sh", "/src/image/units", "/src/systemd", ""])
        machine.run("systemd-sysusers")
        machine.run("systemd-tmpfiles --create earwitness.conf")
        machine.run("systemctl daemon-reload")
        machine.run("hostname raspberrypi")
        machine.run("systemctl restart avahi-daemon")
        machine.run("systemctl start earwitness-hub")

        def found() -> str | None:
            return found_by_name(machine.street.router, ROUTER, 2.0)

        until("the name", lambda: found() == machine.address("eth0"), PATIENCE_S)
        told = machine.run("earwitness setup-code --qr")
        assert f"http://raspberrypi.local or http://earwitness.local or http://{machine.address('eth0')}" in told
        machine.run("systemctl stop earwitness-hub")
        until("the name to be given up", lambda: found() is None, PATIENCE_S)
