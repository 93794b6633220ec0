# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from typing import Any

import pytest

from appliance.health.doctor.links import Link
from appliance.health.doctor.ports import ports
from appliance.health.doctor.remark import Level

BRIDGE, LEFT, RIGHT = Link("br0", bridge=True), Link("eth0", master="br0"), Link("eth1", master="br0")


def told(*links: Link, watched: int = 2, filtered: bool = False) -> list[tuple[Level, str]]:
    """Look at links of which the first is the bridge and the next ones are watched."""
    remarks = ports(links[1 : watched + 1], links, filtered=filtered)
    return [(remark.level, remark.topic) for remark in remarks]


def test_ports_as_they_should_be() -> None:
    """A bridge of two ports that are up says nothing; nor does one that is not watched."""
    assert told(BRIDGE, LEFT, RIGHT) == []
    assert told(Link("br1", bridge=True), Link("eth5"), replace(RIGHT, master="br1", mtu=9), watched=1) == []


@pytest.mark.parametrize("wrong", [{"up": False}, {"carrier": False}, {"forwards": False}])
def test_a_port_through_which_nothing_comes(wrong: dict[str, Any]) -> None:
    """Off, without a cable, or blocked by its bridge."""
    assert told(BRIDGE, LEFT, replace(RIGHT, **wrong)) == [(Level.PROBLEM, "ports")]


def test_the_bridge() -> None:
    """Different MTU, ports that nobody watches and STP are told."""
    assert told(BRIDGE, LEFT, replace(RIGHT, mtu=1400)) == [(Level.WARNING, "mtu")]
    assert told(BRIDGE, LEFT, RIGHT, watched=1) == [(Level.WARNING, "ports")]
    assert told(replace(BRIDGE, spanning_tree=True), LEFT, RIGHT) == [(Level.OK, "ports")]


def test_a_firewall_between_the_ports() -> None:
    """It matters where a port is bridged."""
    assert told(BRIDGE, LEFT, RIGHT, filtered=True) == [(Level.WARNING, "firewall")]
    assert told(BRIDGE, Link("eth0"), watched=1, filtered=True) == []
