# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel lets in what the household calls for now."""

from contextlib import closing
from functools import partial
from socket import socket

from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from appliance.events import Service
from appliance.speakers.registry import Registry
from appliance.status import CaptureStatus
from tests.e2e.conftest import MakeAppliance
from tests.e2e.house import Appliance, House, until
from tests.e2e.minute import soon

LAMP, ROUTER = "02:00:00:00:77:01", "7c:2f:80:10:52:01"
DATA = bytes(Ether(src=LAMP, dst=ROUTER) / IP(src="192.168.1.77", dst="203.0.113.7") / TCP(flags="A") / Raw(bytes(99)))
FRAMES = 1_000


def test_the_filter_follows_the_registry(house: House, appliance: MakeAppliance) -> None:
    """A device that nobody took for a speaker is watched once its owner says that it is one, and not when none."""
    ours = appliance()
    ours.start(Service.CAPTURE)
    with house.home.plug("home") as plug, closing(Registry(ours.settings.paths.registry, 0.0)) as registry:
        assert passed(ours, plug) < FRAMES
        registry.correct(LAMP, {"status": "confirmed"})
        until("the lamp to be seen", lambda: plug.send(DATA) and seen(ours) > 0)
        assert passed(ours, plug) >= FRAMES
        registry.correct(LAMP, {"status": "ignored"})
        until("the lamp not to be looked for", lambda: seen(ours) == 0)
        assert passed(ours, plug) < FRAMES


def passed(appliance: Appliance, plug: socket) -> int:
    """Send FRAMES of the lamp; return how many frames the filter let in meanwhile."""
    before = told(appliance).packets
    for _ in range(FRAMES):
        plug.send(DATA)
    until("the time to be over", partial(covered, appliance, appliance.steady(soon(0.0))))
    return told(appliance).packets - before


def told(appliance: Appliance) -> CaptureStatus:
    """Return what the capture says of itself."""
    status = appliance.capture()
    assert status is not None
    return status


def seen(appliance: Appliance) -> float:
    """Return when the lamp was last seen; 0 if it is not watched."""
    return told(appliance).last_seen.get(LAMP, 0.0)


def covered(appliance: Appliance, moment: float) -> bool:
    """Say whether all frames up to a moment were looked at."""
    return told(appliance).covered_until > moment
