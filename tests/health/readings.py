# SPDX-License-Identifier: GPL-2.0-or-later
"""Readings of an appliance on which everything is right, but for what a test says."""

from dataclasses import replace
from typing import Any

from appliance.health.reading import Disk, Machine, Reading
from appliance.health.trouble import Trouble
from appliance.speakers.inventory import EarEntry, Entry, Inventory, Owner, Status
from appliance.status import CaptureStatus, EarStatus, Listening, PortStatus

ECHO, DOT = "02:00:00:00:00:05", "02:00:00:00:00:06"
START = 1_000_000.0
CAPTURE_PID, EARS_PID = 101, 102
PORTS = (PortStatus(interface="eth0", present=True, up=True, carrier=True),)


def speaker(mac: str = ECHO, name: str | None = "Kitchen") -> Entry:
    return Entry(mac=mac, owner=Owner(name=name, status=Status.CONFIRMED))


HOUSE = Inventory((speaker(),))
EAR_HOUSE = Inventory((speaker(),), ears=(EarEntry(name="kitchen"),))


def machine(time: float, **said: Any) -> Machine:  # noqa: ANN401 - whatever the test says
    usual = Machine(time, synchronised=True, running=frozenset({CAPTURE_PID, EARS_PID}))
    return replace(usual, **{"disk": Disk(10**10, 3 * 10**10, read_only=False)} | said)


def capture(time: float, **said: Any) -> CaptureStatus:  # noqa: ANN401
    usual = {
        "service": "capture",
        "boot": "boot",
        "time": time,
        "started_at": START,
        "pid": CAPTURE_PID,
        "state": "watching",
        "version": "1",
        "placement": "bridge",
        "watch": "speakers",
        "covered_since": START,
        "covered_until": time - 0.3,
        "ports": PORTS,
        "last_seen": {ECHO: time},
    }
    return CaptureStatus.model_validate(usual | said)


def ears(time: float, **said: Any) -> EarStatus:  # noqa: ANN401
    usual = {
        "service": "ears",
        "boot": "boot",
        "time": time,
        "started_at": START,
        "pid": EARS_PID,
        "state": "listening",
        "version": "1",
        "ears": {"kitchen": Listening(covered_since=START, covered_until=time)},
    }
    return EarStatus.model_validate(usual | said)


def reading(time: float, **said: Any) -> Reading:  # noqa: ANN401
    usual = Reading("boot", time, machine(time), capture(time), inventory=HOUSE)
    return replace(usual, **said)


def kinds(troubles: Any) -> list[str]:  # noqa: ANN401
    return [trouble.kind for trouble in troubles if isinstance(trouble, Trouble)]
