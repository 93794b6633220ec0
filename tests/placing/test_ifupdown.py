# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.placing.ifupdown import bridge, moved, silent
from appliance.placing.plan import PlacingError
from appliance.placing.seen import Backend
from tests.placing.conftest import INTERFACES, pi

TWO = """\
# This file describes the network interfaces available on your system
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

allow-hotplug eth0 eth1
iface eth0 inet dhcp
    # slow router
    hostname pi
iface eth0 inet6 auto

iface eth1 inet static
    address 10.0.0.1/24

iface wlan0 inet dhcp
    wpa-ssid eth0
"""


def test_the_uplinks_lines_become_the_bridges() -> None:
    """Its options and comments stay; another port's own lines go; everybody else's stay."""
    text = moved(TWO, "eth0", "br0", "    JOIN\n", ("eth1",))
    assert text == (
        TWO.replace("allow-hotplug eth0 eth1", "auto br0")
        .replace("iface eth0 inet dhcp\n", "iface br0 inet dhcp\n    JOIN\n")
        .replace("iface eth0 inet6", "iface br0 inet6")
        .replace("iface eth1 inet static\n    address 10.0.0.1/24\n\n", "")
    )


def test_the_bridge_is_made_once_and_before_it_is_up() -> None:
    """Its commands stand in the first of its stanzas alone."""
    [file] = bridge(pi(Backend.IFUPDOWN), "br0", "eth0", ["eth0", "eth1"]).files
    text = file.text or ""
    assert text.count("pre-up ip link show dev br0") == 1
    assert "address dc:a6:32:00:00:01 type bridge stp_state 0 forward_delay 0 mcast_snooping 0" in text
    assert "auto lo br0\n" in text
    assert text.startswith("# mine\n")


@pytest.mark.parametrize("line", ["mapping eth0\n", "    inherits eth0\n", "no-auto-down eth0\n"])
def test_what_cannot_be_moved_safely_is_refused(line: str) -> None:
    """Rather no bridge than half of one."""
    with pytest.raises(PlacingError, match="cannot be moved"):
        moved(INTERFACES + line, "eth0", "br0", "", ())


def test_a_port_with_addresses_of_its_own_is_no_mirror_port() -> None:
    """Somebody's lines are not taken away without being asked."""
    with pytest.raises(PlacingError, match="gives eth0 addresses"):
        silent(pi(Backend.IFUPDOWN), "eth0")
    [file] = silent(pi(Backend.IFUPDOWN), "eth1").files
    assert "iface eth1 inet manual" in (file.text or "")


@given(st.lists(st.sampled_from([*TWO.splitlines(keepends=True), "\n", "auto\n", "iface\n", "  iface x\n"])))
def test_any_file_is_moved_or_refused(lines: list[str]) -> None:
    """Whatever stands in it: no line about the uplink is left, and none about others is lost."""
    text = moved("".join(lines), "eth0", "br0", "", ("eth1",))
    assert not [line for line in text.splitlines() if line.split()[:2] == ["iface", "eth0"]]
    assert text.count("iface wlan0") == "".join(lines).count("iface wlan0")
