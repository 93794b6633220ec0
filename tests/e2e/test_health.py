# SPDX-License-Identifier: GPL-2.0-or-later
"""What takes the appliance's sight, on the real kernel, and what its hub keeps of that."""

from appliance.events import Finding, Service
from appliance.ledger.rows import FINDINGS
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import Appliance, House, until


def findings(ours: Appliance, kind: str) -> list[Finding]:
    """Return what the hub found of a kind."""
    return [each for each in ours.facts(FINDINGS[Service.HUB]) if each.kind == kind]


def looked(ours: Appliance) -> float:
    """Return when the hub last told that it has findings."""
    status = ours.hub()
    return status.time if status and status.findings else 0.0


def test_a_capture_that_is_killed_and_a_cable_that_is_pulled(house: House, appliance: MakeAppliance) -> None:
    """Each is told as it happens, with the port; a hub that is killed does not tell the same again."""
    ours = appliance()
    ours.start(Service.CAPTURE, Service.HUB)
    ours.kill(Service.CAPTURE)
    (gone,) = until("the capture to be missed", lambda: findings(ours, "capture-gone"))
    assert gone.ended_at is None
    ours.start(Service.CAPTURE)
    house.home.run("ip link set home down")
    (down,) = until("the port to be missed", lambda: findings(ours, "port-down"))
    assert down.device == "port0"
    ours.kill(Service.HUB)
    ours.start(Service.HUB)
    begun = until("the hub to look", lambda: looked(ours))
    until("the hub to look again", lambda: looked(ours) > begun + 2)
    assert findings(ours, "port-down") == [down]
