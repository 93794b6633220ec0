# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance import limits
from appliance.events import FlowKey
from appliance.flows import Flows, Meter
from tests.flows.frames_of import CLOUD, SPEAKER, UDP, Packet, down, frames_of

UP = FlowKey(SPEAKER, "tcp", 50_000, CLOUD, 443)


def test_bytes_of_each_flow_are_counted_both_ways() -> None:
    """A flow's frames are counted by their size on the wire, whichever way they go, in however many chunks."""
    meter = Meter()
    flows = Flows(meter)
    packets = [Packet(1, bytes(100)), down(Packet(1.1, bytes(900))), Packet(1.2, bytes(50), protocol=UDP)]
    for packet in packets:
        flows.feed(frames_of([packet]))
    sizes = [int(frames_of([packet]).packets.wire[0]) for packet in packets]
    counts = {count.flow: (count.up, count.down, count.packets) for count in meter.take()}
    assert counts == {UP: (sizes[0], sizes[1], 2), UP._replace(proto="udp"): (sizes[2], 0, 1)}
    assert meter.take() == []


def test_talk_within_the_house_is_not_counted() -> None:
    """What does not leave the house belongs to no remote role."""
    meter = Meter()
    Flows(meter).feed(frames_of([Packet(1, bytes(100), target="192.168.1.30")]))
    assert meter.take() == []


def test_too_many_flows_are_counted_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of flows takes bounded room, and the overflow is told."""
    monkeypatch.setattr(limits, "METERED_FLOWS", 3)
    meter = Meter()
    Flows(meter).feed(frames_of([Packet(1, bytes(10), source_port=40_000 + n) for n in range(10)]))
    assert (len(meter.take()), meter.evicted) == (3, 7)
