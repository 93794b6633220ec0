# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.flows.sides import Directions
from tests.flows.frames_of import CLOUD, Packet, frames_of

UP, DOWN, HOME = (True, False, True), (False, True, False), (False, False, True)
NONE = (False, False, False)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("10.1.2.3", CLOUD, UP),
        ("172.31.0.1", CLOUD, UP),
        ("172.32.0.1", "192.168.0.1", DOWN),
        ("100.100.0.1", CLOUD, UP),
        ("169.254.1.1", CLOUD, UP),
        ("fd00::1", "2001:db8::1", UP),
        ("2001:db8::1", "fd00::1", DOWN),
        ("fe80::1", "ff02::fb", HOME),
        ("2001:db8::1", "fe80::1", HOME),
        ("fe80::1", "2001:db8::1", HOME),
        ("::", "ff02::1", HOME),
        ("2001:db8::1", "ff02::fb", HOME),
        ("192.168.1.2", "192.168.1.3", HOME),
        ("192.168.1.2", "255.255.255.255", HOME),
        ("0.0.0.0", "255.255.255.255", HOME),  # noqa: S104 - a device that asks for its address
        ("203.0.113.9", "224.0.0.5", NONE),
        ("2001:db8::1", "2001:db8:1::2", UP),  # from a high port to 443
        ("2001:db8::1", "2001:db8::2", HOME),  # one /64 is one link
    ],
)
def test_the_addresses_tell_the_direction(source: str, target: str, expected: tuple[bool, bool, bool]) -> None:
    """Private addresses are the house, groups are nobody, everything else is the world."""
    sides = Directions().feed(frames_of([Packet(source=source, target=target)]), 0)
    assert (bool(sides.up[0]), bool(sides.down[0]), bool(sides.home[0])) == expected


def test_a_neighbour_is_no_gateway() -> None:
    """A device that speaks from a global IPv6 address to a unique local one is not taken for the way out."""
    neighbour = Packet(source="2001:db8::5", target="fd00::1", source_mac="02:00:00:00:00:05", source_port=50_000)
    up = Packet(source="2001:db8::5", target="2001:db8:9::1", source_mac="02:00:00:00:00:05", target_port=443)
    sides = Directions().feed(frames_of([neighbour, up]), 0)
    assert bool(sides.up[1])
