# SPDX-License-Identifier: GPL-2.0-or-later
"""A Raspberry Pi with two wired ports and a radio, as placing sees it."""

from collections.abc import Mapping

import pytest

from appliance.placing.seen import Backend, Port, Seen

INTERFACES = "# mine\nauto lo eth0\niface lo inet loopback\n\niface eth0 inet static\n    address 192.168.1.5/24\n"


def pi(backend: Backend = Backend.NETWORKMANAGER, changes: Mapping[str, object] | None = None) -> Seen:
    """Return the machine, changed."""
    addressing = {
        Backend.NETWORKMANAGER: {"ipv4": "method=manual\naddress1=192.168.1.5/24,192.168.1.1\n"},
        Backend.NETWORKD: {"10-wired.network": "[Match]\nName=eth0\n\n[Network]\nAddress=192.168.1.5/24\n"},
        Backend.IFUPDOWN: {"/etc/network/interfaces": INTERFACES},
    }[backend]
    seen = Seen(
        ports=(
            Port(name="eth0", mac="dc:a6:32:00:00:01", carrier=True, families=("inet", "inet6"), merges=("gro",)),
            Port(name="eth1", mac="00:e0:4c:00:00:02"),
            Port(name="wlan0", mac="dc:a6:32:00:00:03", wireless=True),
            Port(name="docker0", hardware=False),
        ),
        way_in=("eth0",),
        backend=backend,
        addressing=addressing,
        filters={"net.bridge.bridge-nf-call-iptables": 1},
        programs=("ethtool", "hostapd"),
    )
    return seen.model_copy(update=changes)


@pytest.fixture(params=list(Backend))
def seen(request: pytest.FixtureRequest) -> Seen:
    """The machine, with each of those who may look after its network."""
    return pi(request.param)
