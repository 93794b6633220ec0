# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

import pytest

from appliance.events import Correction, Device, Name, Service
from appliance.ledger import Ledger, Reader, known_devices, known_names, remembered
from appliance.limits import NAME_AGE
from tests.ledger.facts import ECHO

DEVICE = Device(10.0, ECHO, "amazon-echo", "amazon", "Echo Dot", "Kitchen", 0.9, ("DHCP host name amazon-0",))
NAME = Name(10.0, ECHO, "192.0.2.1", "voice.example")


def test_what_was_known_is_known_after_a_restart(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """Of each device and address the newest word counts, of whatever boot, at the time that it has in this one."""
    capture = services[Service.CAPTURE]
    other = replace(DEVICE, device="02:00:00:00:00:09", speaker=None)
    capture.write(
        boot, [Correction(0.0, 1_000.0, synchronised=True), DEVICE, NAME, replace(DEVICE, time=20.0, name="Hall")]
    )
    capture.write(boot, [other, replace(NAME, address="192.0.2.2")])
    now = capture.begin("now", 0.0)
    assert known_devices(reader, now, 5.0) == [replace(DEVICE, time=1_020.0, name="Hall"), replace(other, time=1_010.0)]
    capture.write(now, [Correction(0.0, 3_000.0, synchronised=True), replace(NAME, time=1.0, host="else.example")])
    assert known_devices(reader, now, 5.0) == [
        replace(DEVICE, time=-1_980.0, name="Hall"),
        replace(other, time=-1_990.0),
    ]
    assert known_names(reader, now, 5.0) == [
        replace(NAME, time=-1_990.0, address="192.0.2.2"),
        replace(NAME, time=1.0, host="else.example"),
    ]


def test_a_flood_is_not_known(
    services: dict[Service, Ledger], reader: Reader, boot: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more devices than there is room for, those are known again that were known first, by their newest word."""
    monkeypatch.setattr(remembered, "DEVICES_KNOWN", 2)
    flood = [replace(DEVICE, device=f"02:00:00:00:00:{number:02x}", time=20.0) for number in range(9)]
    services[Service.CAPTURE].write(boot, [DEVICE, *flood, replace(DEVICE, time=30.0)])
    assert known_devices(reader, boot, 40.0) == [flood[0], replace(DEVICE, time=30.0)]


def test_a_name_is_forgotten_when_it_is_too_old(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """An address may be another's after a week."""
    services[Service.CAPTURE].write(boot, [NAME])
    assert known_names(reader, boot, 10.0 + NAME_AGE) == [NAME]
    assert known_names(reader, boot, 11.0 + NAME_AGE) == []
