# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance import limits
from appliance.flows import Flows
from tests.flows.frames_of import HEADERS, HOME, ROUTER, SPEAKER, Packet, down, frames_of

OTHER = "02:00:00:00:00:02"


def test_devices_are_counted_and_the_world_is_not() -> None:
    """Each device has its packets, bytes both ways, times and addresses; the world is no device."""
    flows = Flows()
    up = Packet(1, bytes(100))
    packets = [
        up,
        down(replace(up, time=2, payload=bytes(900))),
        replace(up, time=3, source="fe80::1", target="ff02::fb"),
    ]
    packets.append(Packet(4, bytes(5), source=HOME[:-2] + "99", target=HOME, source_mac=OTHER, target_mac=SPEAKER))
    flows.feed(frames_of(packets))
    assert sorted(flows.devices.known) == [SPEAKER, OTHER]
    tally = flows.devices.known[SPEAKER]
    assert (tally.packets, tally.bytes_up, tally.bytes_down) == (3, 200 + 2 * HEADERS, 900 + HEADERS)
    assert (tally.first, tally.last, [*tally.addresses]) == (1, 3, [HOME, "fe80::1"])
    assert ROUTER not in flows.devices.known


def test_a_flood_of_devices_is_bounded() -> None:
    """The devices least lately seen are forgotten, and counted."""
    flows = Flows()
    flows.feed(
        frames_of(
            [Packet(1, source_mac=f"02:00:00:01:{n // 256:02x}:{n % 256:02x}") for n in range(limits.DEVICES + 9)]
        )
    )
    assert len(flows.devices.known) == limits.DEVICES
    assert flows.counts["devices evicted"] == 9


def test_addresses_of_a_device_are_bounded() -> None:
    """A device that changes its address all the time keeps the last ones."""
    flows = Flows()
    for number in range(40):
        flows.feed(frames_of([Packet(number, source=f"192.168.1.{number + 1}")]))
    assert [*flows.devices.known[SPEAKER].addresses] == [f"192.168.1.{number}" for number in range(25, 41)]
