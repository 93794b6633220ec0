# SPDX-License-Identifier: GPL-2.0-or-later
"""The machines that tests of the installed appliance stand on."""

import pytest

from tests.e2e.house import until
from tests.e2e.install.machine import EVERY, Backend, Machine


@pytest.mark.parametrize(("suite", "backend"), EVERY)
def test_a_machine_is_a_clean_debian_between_a_router_and_a_client(suite: str, backend: Backend) -> None:
    """It gets an address, its client none; its files last over a restart and over a power cut, and changes are seen."""
    with Machine(suite, backend, product=True) as machine:
        until("an address on eth0", lambda: machine.address("eth0"))
        assert machine.street.leased(seconds=0.5) is None
        assert machine.failed() == ""
        assert machine.run(["earwitness", "--version"]).startswith("earwitness")
        before = machine.files()
        machine.run(["sh", "-c", "echo mine > /etc/mine; rm /etc/issue; sync"])
        for cut in (False, True):
            machine.reboot(cut=cut)
            assert dict(machine.files().items() - before.items()).keys() == {"/etc/mine", "/etc/issue"}
            until("its address again", lambda: machine.address("eth0"))
        machine.run(["sh", "-c", "rm /etc/mine"])
        assert machine.files().keys() - before.keys() == {"/etc/issue"}
