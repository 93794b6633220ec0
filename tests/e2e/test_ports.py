# SPDX-License-Identifier: GPL-2.0-or-later
"""What becomes of the bridge's ports while the capture runs: told, survived, and watched again."""

from dataclasses import replace

import numpy as np
import pytest

from appliance.capture.frames import Packets
from appliance.events import Service
from appliance.status import PortStatus
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import Appliance, House, until
from tests.e2e.minute import Minute, Playing, arrive_and_talk, minute, simulated, soon

FRAME = b"\xff" * 6 + b"\x02\0\0\0\0\x05" + b"\x88\xb5" + bytes(50)


@pytest.fixture
def capture(appliance: MakeAppliance) -> Appliance:
    """A capture that sees everything."""
    ours = appliance(watch="everything")
    ours.start(Service.CAPTURE)
    return ours


def port(capture: Appliance) -> PortStatus:
    """Return what the capture says of the house's port."""
    assert capture.at_work(Service.CAPTURE)
    status = capture.capture()
    assert status is not None
    return next(each for each in status.ports if each.interface == "port0")


def seen(house: House, capture: Appliance) -> None:
    """Send frames until the capture has counted one more."""
    before = port(capture).packets
    with house.home.plug("home") as plug:
        until("a frame to be seen", lambda: plug.send(FRAME) and port(capture).packets > before)


def test_a_port_that_is_switched_off_and_on(house: House, capture: Appliance) -> None:
    """It is told that the port is down, and that it is up; then its frames are seen again."""
    seen(house, capture)
    house.bridge.run("ip link set port0 down")
    until("the port to be told down", lambda: not port(capture).up)
    house.bridge.run("ip link set port0 up")
    until("the port to be told up", lambda: port(capture).up and port(capture).carrier)
    seen(house, capture)
    assert "port0 is switched off" in capture.log(Service.CAPTURE)


def test_a_cable_that_is_pulled(house: House, capture: Appliance) -> None:
    """It is told that there is no link, and when there is one again."""
    house.home.run("ip link set home down")
    until("the link to be told lost", lambda: not port(capture).carrier)
    house.home.run("ip link set home up")
    until("the link to be told", lambda: port(capture).carrier)
    seen(house, capture)
    assert "port0 has no link" in capture.log(Service.CAPTURE)


def test_a_port_that_is_taken_away_and_put_back(house: House, capture: Appliance) -> None:
    """A USB adapter that is pulled and plugged in, another interface by the same name, is watched again."""
    seen(house, capture)
    house.bridge.run("ip link del port0")
    until("the port to be told gone", lambda: not port(capture).present)
    house.plug_in(house.home, "home", "port0")
    until("the port to be told there", lambda: port(capture).present)
    seen(house, capture)
    assert "port0 is gone" in capture.log(Service.CAPTURE)


def test_another_mtu(house: House, capture: Appliance) -> None:
    """A changed MTU is told, and nothing is missed for it."""
    house.bridge.run("ip link set port0 mtu 9000")
    until("the MTU to be told", lambda: "port0: mtu was 65535 and is 9000" in capture.log(Service.CAPTURE))
    seen(house, capture)
    house.bridge.run("ip link set port0 mtu 65535")
    until("the MTU to be told", lambda: "port0: mtu was 9000 and is 65535" in capture.log(Service.CAPTURE))


def test_speakers_in_a_vlan(house: House, capture: Appliance, tmp_path_factory: pytest.TempPathFactory) -> None:
    """From one moment to the next the house's frames carry a VLAN tag: uploads are found all the same."""
    folder = tmp_path_factory.mktemp("vlan") / "play"
    play = minute(simulated(folder, 11, arrive_and_talk))
    begin = soon()
    happens = Minute(tagged(play.packets, 7, after=3.0), play.heard, play.truth).moved(capture.steady(begin))
    late = Playing(happens, house.wires(), begin).finish().late
    over = capture.steady(begin) + 11 + late
    until("the last frames to be taken", lambda: (told := capture.capture()) and told.covered_until > over)
    code, _ = capture.end(Service.CAPTURE)
    assert code == 0
    uploads = capture.uploads()
    assert {upload.flow.device for upload in uploads} == {device for device, _ in happens.truth}
    assert len(uploads) == len(happens.truth) >= 3


def tagged(packets: Packets, vlan: int, after: float) -> Packets:
    """Return packets, those after so many seconds with an 802.1Q tag behind their addresses."""
    frames = [packets.buffer[at : at + size].tobytes() for at, size in zip(packets.at, packets.captured, strict=True)]
    tag = b"\x81\x00" + vlan.to_bytes(2)
    first = int(np.searchsorted(packets.time, packets.time[0] + after * 1e9))
    frames[first:] = [frame[:12] + tag + frame[12:] for frame in frames[first:]]
    sizes = np.array([len(frame) for frame in frames], np.int64)
    buffer = np.frombuffer(b"".join(frames), np.uint8)
    return replace(packets, buffer=buffer, at=np.cumsum(sizes) - sizes, captured=sizes, wire=sizes)
