# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.placing.networkd import bridge, moved
from appliance.placing.plan import PlacingError
from appliance.placing.seen import Backend
from tests.placing.conftest import pi

FILE = """\
# the office
[Match]
Name=eth0
MACAddress=dc:a6:32:00:00:01

[Link]
MACAddress=02:00:00:00:00:09
MTUBytes=1400

[Network]
DHCP=ipv4

[DHCPv4]
RouteMetric=10
"""


def test_all_but_what_it_fits_is_kept() -> None:
    """How addresses are asked for, and the MTU; neither the names nor the MAC of the port."""
    lines = moved(FILE, "br0").splitlines()
    assert lines[1:3] == ["[Match]", "Name=br0"]
    assert {"MTUBytes=1400", "DHCP=ipv4", "RouteMetric=10"} <= set(lines)
    assert not [line for line in lines if "MACAddress" in line or "eth0" in line]


def test_a_file_that_would_come_first_is_a_reason() -> None:
    """Of the files that fit the first counts: where ours would not be it, nothing is changed."""
    machine = pi(Backend.NETWORKD, {"addressing": {"00-a.network": FILE}})
    with pytest.raises(PlacingError, match=r"00-a\.network comes before"):
        bridge(machine, "br0", "eth0", ["eth0", "eth1"])
