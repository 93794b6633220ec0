# SPDX-License-Identifier: GPL-2.0-or-later
from typing import Any

import pytest

from appliance.health.doctor.links import Link
from appliance.health.doctor.placement import placed, placement
from appliance.settings import CaptureSettings

BRIDGE = [Link("br0", bridge=True), Link("eth0", master="br0"), Link("eth1", master="br0")]
WIFI = [Link("br0", bridge=True), Link("eth0", master="br0"), Link("wlan0", master="br0", wireless=True)]
LOOSE = [Link("eth0"), Link("eth1")]
TWO = [Link("br0", bridge=True), Link("br1", bridge=True), Link("eth0", master="br0"), Link("eth1", master="br1")]


@pytest.mark.parametrize(
    ("links", "words"),
    [
        (BRIDGE, "br0 is a bridge between eth0 and eth1"),
        (WIFI, "an access point of this machine to its network: eth0 and wlan0"),
        (LOOSE, "no bridge with two ports; its interfaces are: eth0, eth1"),
        (BRIDGE[:2], "no bridge with two ports; its interfaces are: eth0"),
        ([], "its interfaces are: none"),
    ],
)
def test_what_there_is_in_words(links: list[Link], words: str) -> None:
    """A bridge, an access point, or neither."""
    assert words in placed(links)


@pytest.mark.parametrize(
    ("settings", "links", "level"),
    [
        ({}, BRIDGE, "ok"),
        ({}, LOOSE, "problem"),
        ({}, TWO, "problem"),
        ({}, BRIDGE[:2], "problem"),
        ({}, [Link("bond0"), Link("eth0", master="bond0"), Link("eth1", master="bond0")], "problem"),
        ({"placement": "mirror", "interfaces": ["eth0"]}, LOOSE, "ok"),
        ({"placement": "mirror", "interfaces": ["eth0"]}, BRIDGE, "warning"),
        ({"placement": "mirror", "interfaces": ["eth7"]}, LOOSE, "problem"),
        ({"placement": "access-point", "interfaces": ["wlan0", "eth0"]}, WIFI, "ok"),
        ({"placement": "access-point", "interfaces": ["eth0", "eth1"]}, BRIDGE, "problem"),
        ({"placement": "access-point", "interfaces": ["wlan0"]}, [Link("wlan0", wireless=True)], "problem"),
    ],
)
def test_settings_and_machine(settings: dict[str, Any], links: list[Link], level: str) -> None:
    """Settings that the machine does not fit are one remark, and it says what to change."""
    (remark,) = placement(CaptureSettings.model_validate(settings), links)
    assert remark.level.name.lower() == level
    assert bool(remark.remedy) == (level != "ok")
