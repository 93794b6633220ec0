# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.health.doctor.links import Link, filtered, read_links


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return folder


def test_interfaces_of_sysfs(tmp_path: Path) -> None:
    """Each interface with its port and bridge; the loopback, and files that are no interface, are passed over."""
    sysfs = written(
        tmp_path,
        {
            "class/net/bonding_masters": "",
            "class/net/lo/ifindex": "1",
            "class/net/br0/ifindex": "4",
            "class/net/br0/flags": "0x1003",
            "class/net/br0/bridge/stp_state": "1",
            "class/net/wlan0/ifindex": "3",
            "class/net/wlan0/address": "02:00:00:00:00:09",
            "class/net/wlan0/flags": "0x1002",
            "class/net/wlan0/mtu": "1400",
            "class/net/wlan0/phy80211/name": "phy0",
            "class/net/wlan0/brport/state": "4",
            "class/net/wlan0/statistics/rx_errors": "5",
            "class/net/wlan0/statistics/rx_missed_errors": "2",
        },
    )
    (sysfs / "class/net/wlan0/master").symlink_to("../br0")
    assert read_links(sysfs) == [
        Link("br0", mtu=0, carrier=False, bridge=True, spanning_tree=True),
        Link(
            "wlan0",
            0x020000000009,
            1400,
            up=False,
            carrier=False,
            wireless=True,
            master="br0",
            forwards=False,
            errors=7,
        ),
    ]


def test_the_firewall_of_bridges(tmp_path: Path) -> None:
    """Frames are filtered if either table is told to; without br_netfilter there is no such file."""
    assert not filtered(tmp_path)
    tables = {"sys/net/bridge/bridge-nf-call-iptables": "0", "sys/net/bridge/bridge-nf-call-ip6tables": "1"}
    assert filtered(written(tmp_path, tables))
