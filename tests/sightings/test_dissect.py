# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from scapy.layers.inet import IP
from scapy.layers.l2 import Dot1Q, Ether

from appliance.events import Glimpse, SightingKind
from appliance.sightings import Sightings
from tests.sightings.frames import DEVICE, glimpse, multicast, offer

PACKET = multicast(offer("_sonos._tcp"))
SLL = bytes.fromhex("0004 0001 0006 aabbcc001122 0000 0800")
SLL2 = bytes.fromhex("0800 0000 00000002 0001 04 06 aabbcc0011220000")


@pytest.mark.parametrize(
    ("link", "head"),
    [(1, bytes(Ether(src=DEVICE))[:12] + b"\x08\x00"), (113, SLL), (276, SLL2), (101, b""), (12, b""), (228, b"")],
)
def test_every_link_layer_is_read(link: int, head: bytes) -> None:
    """The same packet shows the same through Ethernet, both kinds of Linux cooked capture, and raw IP."""
    sightings = Sightings().feed(Glimpse(1.0, DEVICE, link, head + bytes(PACKET[IP])))
    assert (SightingKind.MDNS_SERVICE, "_sonos._tcp") in {(each.kind, each.value) for each in sightings}


def test_a_vlan_tag_is_passed_over() -> None:
    """A tagged frame shows what the untagged one would."""
    tagged = Ether(src=DEVICE) / Dot1Q(vlan=7) / PACKET[IP]
    assert Sightings().feed(glimpse(tagged))


def test_an_unknown_link_layer_shows_nothing() -> None:
    """A link type that nobody asked for is no error."""
    assert Sightings().feed(Glimpse(1.0, DEVICE, 9999, bytes(PACKET))) == []
