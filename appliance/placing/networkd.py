# SPDX-License-Identifier: GPL-2.0-or-later
"""Placing where systemd-networkd looks after the network (systemd.network(5), systemd.netdev(5), networkctl(1)).

Of the files that fit an interface the first by its name counts: ours begin with ``00-earwitness``.
"""

from collections.abc import Sequence
from pathlib import Path

from appliance.placing.plan import File, Part, PlacingError, run, tried
from appliance.placing.seen import Seen

_FOLDER = Path("/etc/systemd/network")
_OURS = "00-earwitness"
_NETDEV = """\
# Written by earwitness place; taken away by earwitness place --undo.
[NetDev]
Name={bridge}
Kind=bridge
MACAddress={mac}

[Bridge]
STP=no
ForwardDelaySec=0
MulticastSnooping=no
"""
_PORTS = """\
# Written by earwitness place; taken away by earwitness place --undo.
[Match]
Name={ports}

[Link]
RequiredForOnline=no

[Network]
Bridge={bridge}
LinkLocalAddressing=no
IPv6AcceptRA=no
"""
_SILENT = """\
# Written by earwitness place; taken away by earwitness place --undo.
[Match]
Name={port}

[Link]
RequiredForOnline=no

[Network]
LinkLocalAddressing=no
IPv6AcceptRA=no
"""
_LEFT_ALONE = """\
# Written by earwitness place; taken away by earwitness place --undo.
[Match]
Name={port}

[Link]
Unmanaged=yes
"""


def bridge(seen: Seen, name: str, uplink: str, ports: Sequence[str]) -> Part:
    """Return how a bridge comes to be that asks for addresses as its uplink did."""
    port = seen.port(uplink)
    if port is None:
        raise PlacingError(f"there is no interface {uplink}")
    (before, own), *_ = (*seen.addressing.items(), ("80-wired.network", "[Network]\nDHCP=yes\n"))
    if before < f"{_OURS}-ports.network":
        raise PlacingError(f"{before} comes before our files by its name: call it 10-{before}, and try again")
    return Part(
        files=(
            File(path=_FOLDER / f"{_OURS}-bridge.netdev", text=_NETDEV.format(bridge=name, mac=port.mac)),
            File(path=_FOLDER / f"{_OURS}-bridge.network", text=moved(own, name)),
            File(path=_FOLDER / f"{_OURS}-ports.network", text=_PORTS.format(bridge=name, ports=" ".join(ports))),
        ),
        enter=(
            run("networkctl reload"),
            run("networkctl reconfigure", *ports),
            # systemd 252 lets a port keep its address: frames would leave by the port and answers come in by the bridge
            *(tried(f"ip address flush dev {each} scope global") for each in ports),
        ),
        leave=(tried(f"ip link delete {name}"),),
        back=(run("networkctl reload"), *(tried(f"networkctl reconfigure {each}") for each in ports)),
    )


def silent(port: str) -> Part:
    """Return how a port is up and never sends anything: a switch copies the frames of others to it."""
    return Part(
        files=(File(path=_FOLDER / f"{_OURS}-mirror.network", text=_SILENT.format(port=port)),),
        enter=(run("networkctl reload"), run(f"networkctl reconfigure {port}")),
        back=(run("networkctl reload"), tried(f"networkctl reconfigure {port}")),
    )


def left_alone(port: str) -> Part:
    """Return how an interface is left to somebody else."""
    return Part(
        files=(File(path=_FOLDER / f"{_OURS}-wifi.network", text=_LEFT_ALONE.format(port=port)),),
        enter=(run("networkctl reload"),),
        back=(run("networkctl reload"), tried(f"networkctl reconfigure {port}")),
    )


def moved(text: str, interface: str) -> str:
    """Return a .network file so that it fits another interface: what it says of matching and of MACs is left out."""
    lines, section = ["# Written by earwitness place; taken away by earwitness place --undo.", "[Match]"], ""
    lines.append(f"Name={interface}")
    for line in text.splitlines():
        if line.strip().startswith("["):
            section = line.strip()
        if section == "[Match]" or (section == "[Link]" and line.strip().startswith(("MACAddress", "Unmanaged"))):
            continue
        lines.append(line)
    return "\n".join(lines) + "\n"
