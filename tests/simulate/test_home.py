# SPDX-License-Identifier: GPL-2.0-or-later
from ipaddress import ip_address

from appliance.simulate.chance import Chance
from appliance.simulate.home import ROUTER_MAC, Machine, beyond_router, mac
from appliance.simulate.link import Link, Weather


def machine() -> Machine:
    return Machine("44:65:0d:01:02:03", "192.168.1.20", Link(Chance(1), "it", Weather()), 40000)


def test_a_mac_is_its_makers_and_steady() -> None:
    """A name has one address, and it begins with the maker's block."""
    assert mac("44:65:0d", "a") == mac("44:65:0d", "a") != mac("44:65:0d", "b")
    assert mac("44:65:0d", "a").startswith("44:65:0d:")


def test_each_conversation_has_its_port() -> None:
    """A thousand conversations in a row use a thousand ports, all of them ephemeral."""
    it = machine()
    ports = [it.end().port for _ in range(1000)]
    assert len(set(ports)) == 1000
    assert all(32768 <= port < 61000 for port in ports)


def test_addresses_of_both_families() -> None:
    """A device has an IPv4 address and an IPv6 one made of its MAC address."""
    assert str(ip_address(machine().packed())) == "192.168.1.20"
    assert str(ip_address(machine().packed(v6=True))) == "2001:db8:1:1:4465:dff:fe01:203"


def test_what_leaves_the_home_goes_through_the_router() -> None:
    """A remote end has the router's MAC address."""
    assert beyond_router(b"\x01\x02\x03\x04", 443).mac == ROUTER_MAC
