# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import SightingKind
from tests.sightings.frames import dhcp, shown


def test_options_in_the_order_they_are_asked_for() -> None:
    """Host name, vendor class and the parameter list, whose order tells one implementation from another."""
    packet = dhcp(("hostname", "amazon-0a1b2c3d4"), ("vendor_class_id", "dhcpcd-5.5.6"), ("param_req_list", [1, 33, 3]))
    assert shown(packet) >= {
        (SightingKind.DHCP_HOSTNAME, "amazon-0a1b2c3d4"),
        (SightingKind.DHCP_VENDOR, "dhcpcd-5.5.6"),
        (SightingKind.DHCP_PARAMETERS, "1,33,3"),
    }


def test_other_options_by_number() -> None:
    """Any other option is a sighting by its number, whether scapy has a name for it or not."""
    packet = dhcp((145, b"\x01"), (224, b"x"))
    assert shown(packet) == {(SightingKind.DHCP_OPTION, number) for number in ("53", "145", "224")}


def test_a_relayed_request_is_not_the_senders() -> None:
    """A repeater that passes a request on does not become what the other device is."""
    assert shown(dhcp(("hostname", "Google-Home-Mini"), device="aa:bb:cc:99:99:99")) == set()


def test_answers_show_nothing() -> None:
    """What a server says is not what a client is."""
    packet = dhcp(("hostname", "x"))
    packet["BOOTP"].op = 2
    assert shown(packet) == set()
