# SPDX-License-Identifier: GPL-2.0-or-later
"""Placing where NetworkManager looks after the network (nm-settings-keyfile(5), nmcli(1)).

Our connections ask to be chosen first (autoconnect-priority 999, the highest there is); the ones of before are kept.
"""

from collections.abc import Sequence
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

from appliance.placing.plan import Command, File, Part, PlacingError, run, tried
from appliance.placing.seen import Seen

_FOLDER = Path("/etc/NetworkManager/system-connections")
_LEFT_ALONE = Path("/etc/NetworkManager/conf.d/90-earwitness.conf")
_HEAD = """\
# Written by earwitness place; taken away by earwitness place --undo.
[connection]
id={id}
uuid={uuid}
type={kind}
interface-name={interface}
autoconnect-priority=999
"""
_BRIDGE = """\
autoconnect-slaves=1

[bridge]
stp=false
multicast-snooping=false
mac-address={mac}
"""
_PORT = "master={bridge}\nslave-type=bridge\n"
_SILENT = "\n[ipv4]\nmethod=disabled\n\n[ipv6]\nmethod=disabled\n"


def bridge(seen: Seen, name: str, uplink: str, ports: Sequence[str]) -> Part:
    """Return how a bridge comes to be that asks for addresses as its uplink did."""
    port = seen.port(uplink)
    if port is None:
        raise PlacingError(f"there is no interface {uplink}")
    addressing = seen.addressing or {"ipv4": "method=auto\n", "ipv6": "method=auto\n"}
    asks = "".join(f"\n[{section}]\n{lines}" for section, lines in addressing.items())
    members = tuple(_connection(each, "ethernet", _PORT.format(bridge=name)) for each in ports)
    return Part(
        files=(_connection(name, "bridge", _BRIDGE.format(mac=port.mac) + asks), *members),
        enter=(
            *_loaded(name, *ports),
            # a port without a cable cannot be brought up: it joins by itself once it has one
            *(tried("nmcli --wait 30 connection up", _id(each)) for each in ports),
            tried("nmcli --wait 30 connection up", _id(name)),
        ),
        leave=(
            *(tried("nmcli --wait 10 connection down", _id(each)) for each in (*ports, name)),
            tried(f"ip link delete {name}"),
        ),
        back=_back(seen, uplink, [each for each in ports if each != uplink]),
    )


def silent(port: str) -> Part:
    """Return how a port is up and never sends anything: a switch copies the frames of others to it."""
    return Part(
        files=(_connection(port, "ethernet", _SILENT),),
        enter=(*_loaded(port), tried("nmcli --wait 30 connection up", _id(port))),
        leave=(tried("nmcli --wait 10 connection down", _id(port)),),
        back=(run("nmcli connection reload"), tried(f"nmcli device set {port} autoconnect yes")),
    )


def left_alone(port: str) -> Part:
    """Return how an interface is left to somebody else."""
    text = f"[device-earwitness]\nmatch-device=interface-name:{port}\nmanaged=0\n"
    return Part(
        files=(File(path=_LEFT_ALONE, text=text),),
        enter=(run("nmcli general reload conf"), tried(f"nmcli device set {port} managed no")),
        back=(run("nmcli general reload conf"), tried(f"nmcli device set {port} managed yes")),
    )


def section(text: str, name: str) -> str | None:
    """Return the lines of a section of a keyfile, as they are; None if it has no such section."""
    lines, inside = [], False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line == f"[{name}]"
        elif inside and line and not line.startswith("#"):
            lines.append(line)
    return "\n".join(lines) + "\n" if lines else None


def _back(seen: Seen, uplink: str, others: Sequence[str]) -> tuple[Command, ...]:
    again = tried("nmcli --wait 30 connection up uuid", seen.connection) if seen.connection else None
    return (
        run("nmcli connection reload"),
        *(tried(f"nmcli device set {each} autoconnect yes") for each in (uplink, *others)),
        *([again] if again else [tried(f"nmcli --wait 30 device connect {uplink}")]),
    )


def _loaded(*interfaces: str) -> tuple[Command, ...]:
    return tuple(run("nmcli connection load", str(_path(each))) for each in interfaces)


def _connection(interface: str, kind: str, rest: str) -> File:
    head = _HEAD.format(id=_id(interface), uuid=uuid5(NAMESPACE_DNS, _id(interface)), kind=kind, interface=interface)
    return File(path=_path(interface), text=head + rest, mode=0o600)


def _id(interface: str) -> str:
    return f"earwitness-{interface}"


def _path(interface: str) -> Path:
    return _FOLDER / f"{_id(interface)}.nmconnection"
