# SPDX-License-Identifier: GPL-2.0-or-later
"""What every placement changes beside the network itself, whoever looks after that."""

from collections.abc import Sequence
from pathlib import Path

from appliance.placing.plan import File, Part, run, tried
from appliance.placing.seen import Seen

#: Where systemd looks for the units of a machine.
UNITS = Path("/etc/systemd/system")
#: The command, wherever its release lies.
EARWITNESS = "/opt/earwitness/current/bin/earwitness"
_SYSCTL = Path("/etc/sysctl.d/90-earwitness.conf")
_RULES = Path("/etc/udev/rules.d")
_FILTERS = tuple(f"net.bridge.bridge-nf-call-{table}" for table in ("iptables", "ip6tables", "arptables"))
_OURS = "# Written by earwitness place; taken away by earwitness place --undo.\n"
_LOOPS = """\
[Unit]
Description=Earwitness: parts the bridge's ports while cables make a loop
After=network.target
# A change that is taken back at the next start takes this file away after systemd has read it.
ConditionPathExists=/etc/systemd/system/earwitness-loops.service
StartLimitIntervalSec=0

[Service]
ExecStart={earwitness} watch-loops {bridge} {ports}
# Without it nobody would join the ports again once the loop is gone.
{opened}
Restart=always
RestartSec=10
DynamicUser=yes
CapabilityBoundingSet=CAP_NET_RAW CAP_NET_ADMIN
AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN
NoNewPrivileges=yes
RestrictAddressFamilies=AF_PACKET AF_NETLINK AF_UNIX
IPAddressDeny=any
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
SystemCallArchitectures=native
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
KeyringMode=private
UMask=0077
MemoryMax=64M
TasksMax=8

[Install]
WantedBy=multi-user.target
"""


def firewall(seen: Seen) -> Part:
    """Return how frames that pass the bridge go through no firewall (br_netfilter), also if it is loaded later.

    Docker loads it, and its rules for this machine's own packets would cut off the whole house (sysctl.d(5)).
    """
    settings = "".join(f"-{name} = 0\n" for name in _FILTERS)
    again = "/lib/systemd/systemd-sysctl --prefix=/net/bridge"
    rule = f'ACTION=="add", SUBSYSTEM=="module", KERNEL=="br_netfilter", RUN+="{again}"\n'
    on = {name: value for name, value in seen.filters.items() if value and name in _FILTERS}
    return Part(
        files=(
            File(path=_SYSCTL, text=_OURS + settings),
            File(path=_RULES / "90-earwitness-bridge.rules", text=_OURS + rule),
        ),
        enter=tuple(tried(f"sysctl -qw {name}=0") for name in on),
        leave=tuple(tried(f"sysctl -qw {name}={value}") for name, value in on.items()),
    )


def offloads(seen: Seen, ports: Sequence[str]) -> Part:
    """Return how ports hand on frames as they came: GRO and LRO make one of several, and sizes tell what a frame is.

    The ports get it again whenever they are plugged in.
    """
    if "ethtool" not in seen.programs:
        return Part(remarks=("ethtool is not here: ports may join frames (GRO), which costs a little accuracy",))
    rule = "".join(
        f'ACTION=="add", SUBSYSTEM=="net", KERNEL=="{port}", RUN+="/usr/sbin/ethtool -K {port} {kind} off"\n'
        for port in ports
        for kind in ("gro", "lro")
    )
    merging = [(port.name, kind) for port in seen.ports if port.name in ports for kind in port.merges]
    return Part(
        files=(File(path=_RULES / "90-earwitness-ports.rules", text=_OURS + rule),),
        enter=tuple(tried(f"ethtool -K {port} {kind} off") for port, kind in merging),
        leave=tuple(tried(f"ethtool -K {port} {kind} on") for port, kind in merging),
    )


def unit(name: str, text: str) -> Part:
    """Return how a service of ours is there, runs, and comes again with the machine."""
    wants = UNITS / "multi-user.target.wants" / name
    return Part(
        files=(File(path=UNITS / name, text=_OURS + text), File(path=wants, link=str(UNITS / name))),
        enter=(run("systemctl daemon-reload"), tried(f"systemctl --no-block restart {name}")),
        leave=(tried(f"systemctl stop {name}"), tried(f"systemctl reset-failed {name}")),
        back=(tried("systemctl daemon-reload"),),
    )


def client_unit(radio: str) -> str:
    """Return the service that keeps a radio in a Wi-Fi where neither NetworkManager nor ifupdown does."""
    return f"wpa_supplicant@{radio}.service"


def freed(seen: Seen, radio: str) -> Part:
    """Return how the service that keeps a radio in a Wi-Fi leaves it alone, also at the next start."""
    if radio not in seen.clients:
        return Part()
    name = client_unit(radio)
    return Part(
        files=(File(path=UNITS / name, link="/dev/null"),),
        first=(tried(f"systemctl stop {name}"),),
        enter=(run("systemctl daemon-reload"),),
        back=(tried("systemctl daemon-reload"), tried(f"systemctl --no-block start {name}")),
    )


def loops(bridge: str, ports: Sequence[str]) -> Part:
    """Return the service that looks for loops of cables: a bridge without a spanning tree does not."""
    opened = "\n".join(f"ExecStopPost=-/sbin/bridge link set dev {port} isolated off" for port in ports)
    text = _LOOPS.format(earwitness=EARWITNESS, bridge=bridge, ports=" ".join(ports), opened=opened)
    return unit("earwitness-loops.service", text)


def restarted() -> Part:
    """Return how our services read the settings anew."""
    again = tuple(
        tried(f"systemctl --no-block try-restart earwitness-{service}.service") for service in ("capture", "hub")
    )
    return Part(enter=again, back=again)
