# SPDX-License-Identifier: GPL-2.0-or-later
from ipaddress import IPv4Interface

from appliance.capture.sender import Outlet, Sender
from tests.network import Namespace

FRAME = bytes.fromhex("ffffffffffff020000000001ffff") + bytes(50)


def test_a_port_with_an_address_sends() -> None:
    """What is sent by it arrives at the other end of its wire, from its own MAC address."""
    with Namespace() as here, Namespace() as there:
        here.wire("near", "far", there)
        here.run("ip addr add 192.0.2.1/25 dev near")
        mac = here.run("cat /sys/class/net/near/address").strip()
        with here.inside(), Sender() as sender, there.plug("far") as plug:
            outlet = sender.outlet("near")
            assert outlet == Outlet("near", mac, IPv4Interface("192.0.2.1/25"))
            sender.send(outlet, FRAME)
            plug.settimeout(30)
            while plug.recv(2000) != FRAME:
                pass


def test_a_port_without_an_address_sends_nothing() -> None:
    """A mirror port that nobody gave an address is no host of any network; one that is not there neither."""
    with Namespace() as here:
        here.wire("near", "far")
        with here.inside(), Sender() as sender:
            assert sender.outlet("near") is None
            assert sender.outlet("nowhere") is None
            assert sender.outlet("a-name-that-is-far-too-long") is None
