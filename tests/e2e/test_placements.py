# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the machine stands beside the bridge of two ports: as an access point, or on a switch's mirror port."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from appliance.capture.frames import Packets
from appliance.events import Service
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import MTU, Appliance, House, until
from tests.e2e.minute import Minute, Playing, arrive_and_talk, minute, simulated, soon
from tests.e2e.player import Wire
from tests.e2e.test_live import SAID_S, furnish, lost, near
from tests.network import Namespace

_TAG = np.frombuffer(bytes.fromhex("81000007"), np.uint8)  # 802.1Q, VLAN 7


def watched(ours: Appliance, planned: Minute, wires: list[Wire]) -> None:
    """Play a minute to a capture service, and see that it found all uploads and lost nothing."""
    furnish(ours, planned.heard.furniture)
    ours.start(Service.CAPTURE)
    begin = soon(1.0)
    happens = planned.moved(ours.steady(begin))
    late = Playing(happens, wires, begin).finish().late
    until("the last upload to be told", lambda: len(ours.uploads()) >= len(happens.truth))
    assert len(happens.truth) >= 5
    for device, start in happens.truth:
        assert any(near(upload, device, start, SAID_S + late) for upload in ours.uploads()), (device, start)
    assert sum(lost(ours)) == 0


def tagged(packets: Packets) -> Packets:
    """Return frames as they are in a VLAN."""
    frames = [packets.buffer[at : at + length] for at, length in zip(packets.at, packets.captured, strict=True)]
    parts = [part for frame in frames for part in (frame[:12], _TAG, frame[12:])]
    captured = packets.captured + len(_TAG)
    begins = np.cumsum(captured) - captured
    return replace(packets, buffer=np.concatenate(parts), at=begins, captured=captured, wire=captured)


def test_an_access_point(house: House, appliance: MakeAppliance, tmp_path: Path) -> None:
    """What speakers send into the machine's own Wi-Fi is found where it comes in, on the Wi-Fi's port of the bridge."""
    for port, name in (("port0", "wlan0"), ("port1", "eth0")):
        for change in ("down", f"name {name}"):
            house.bridge.run(f"ip link set {port} {change}")
        house.bridge.run(f"ip link set {name} up")
        house.bridge.until(f"bridge link show dev {name}", "state forwarding")
    ours = appliance(placement="access-point", interfaces=["wlan0", "eth0"])
    watched(ours, minute(simulated(tmp_path / "play", 14, arrive_and_talk)), house.wires())


def test_a_mirror_port(tmp_path: Path) -> None:
    """Both directions come in by one port, tagged as in their VLAN; all uploads are found, and nothing is sent."""
    planned = minute(simulated(tmp_path / "play", 14, arrive_and_talk))
    with Namespace() as switch, Namespace() as pi:
        switch.wire("copies", "eth0", pi)
        for end, name in ((switch, "copies"), (pi, "eth0")):
            end.run(f"ip link set {name} mtu {MTU}")
        with switch.inside():
            wire = Wire("copies")
        with closing(Appliance(tmp_path / "appliance", pi, placement="mirror", interfaces=["eth0"])) as ours:
            watched(ours, replace(planned, packets=tagged(planned.packets)), [wire, wire])
        assert int(pi.run("cat /sys/class/net/eth0/statistics/tx_packets")) == 0
