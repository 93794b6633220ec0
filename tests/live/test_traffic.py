# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import FlowKey, Role, Traffic
from appliance.flows import Flows, Meter
from appliance.live.traffic import Minutes
from tests.flows.frames_of import SPEAKER, Packet, frames_of


def role(flow: FlowKey) -> Role:
    return Role.VOICE if flow.device_port == 50_000 else Role.UNKNOWN


def test_a_minute_is_one_row_for_each_device_and_role() -> None:
    """Flows of one role are one row, told when their minute is over."""
    meter = Meter()
    flows, minutes = Flows(meter), Minutes(meter, role)
    size = int(frames_of([Packet(0, bytes(10))]).packets.wire[0])
    assert minutes.advance(600.0) == []
    flows.feed(frames_of([Packet(601, bytes(10), source_port=port) for port in (50_000, 50_001, 50_002)]))
    assert minutes.advance(659.9) == []
    assert minutes.advance(660.1) == [
        Traffic(600.0, SPEAKER, Role.UNKNOWN, 2 * size, 0, 2),
        Traffic(600.0, SPEAKER, Role.VOICE, size, 0, 1),
    ]
    assert minutes.finish() == []


def test_the_minute_that_goes_on_is_told_at_the_end() -> None:
    """What was counted when the service ends is not lost."""
    meter = Meter()
    flows, minutes = Flows(meter), Minutes(meter, role)
    minutes.advance(600.0)
    flows.feed(frames_of([Packet(601, bytes(10))]))
    assert [row.packets for row in minutes.finish()] == [1]
