# SPDX-License-Identifier: GPL-2.0-or-later
"""Placing where ifupdown looks after the network (interfaces(5)): the uplink's own lines become the bridge's.

Nothing but iproute2 is needed: Debian's bridge-utils, whose options for bridges are well known, is seldom there.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from appliance.placing.plan import File, Part, PlacingError, run, tried
from appliance.placing.seen import Seen

MAIN = Path("/etc/network/interfaces")
_ADDED = "# earwitness place: the next lines join the ports; earwitness place --undo puts back the file as it was\n"
#: dhclient stays, in a scope of its own: else it would end with the service that takes a change back.
_IFUP = "systemd-run --quiet --scope --collect ifup"
#: On the way back nobody waits for an address: it is asked for until there is one.
_BACK_UP = "systemd-run --quiet --no-block --collect --property=Type=oneshot --property=KillMode=process ifup"
_SILENCE = """\
    pre-up ip link set dev {port} addrgenmode none || true
    pre-up ip -6 address flush dev {port} || true
    up ip link set dev {port} up
    post-down ip link set dev {port} addrgenmode eui64 || true
"""
_REFUSED = ("mapping", "inherits", "no-auto-down", "no-scripts")


def bridge(seen: Seen, name: str, uplink: str, ports: Sequence[str]) -> Part:
    """Return how a bridge comes to be that asks for addresses as its uplink did."""
    port = seen.port(uplink)
    if port is None:
        raise PlacingError(f"there is no interface {uplink}")
    others = tuple(each for each in ports if each != uplink)
    files = tuple(
        File(path=Path(path), text=new)
        for path, text in seen.addressing.items()
        if (new := moved(text, uplink, name, _joining(name, port.mac, ports), others)) != text
    )
    if not any(re.search(rf"^iface\s+{name}\s", file.text or "", re.MULTILINE) for file in files):
        raise PlacingError(f"{MAIN} has no lines for {uplink}: ifupdown does not look after it")
    return Part(
        files=files,
        first=tuple(tried("ifdown --force", each) for each in ports),
        enter=(run(_IFUP, name),),
        leave=(tried("ifdown --force", name), tried(f"ip link delete {name}")),
        back=(tried(_BACK_UP, uplink), *(tried(_BACK_UP, each) for each in others)),
    )


def silent(seen: Seen, port: str) -> Part:
    """Return how a port is up and never sends anything: a switch copies the frames of others to it."""
    own = seen.addressing.get(str(MAIN), "")
    if re.search(rf"^\s*iface\s+{re.escape(port)}\s", "\n".join(seen.addressing.values()), re.MULTILINE):
        raise PlacingError(f"{MAIN} gives {port} addresses: a mirror port has none. Take its lines away, and try again")
    lines = f"{_ADDED}auto {port}\niface {port} inet manual\n{_SILENCE.format(port=port)}"
    return Part(
        files=(File(path=MAIN, text=f"{own.rstrip()}\n\n{lines}"),),
        enter=(run(_IFUP, port),),
        leave=(tried("ifdown --force", port),),
    )


def moved(text: str, uplink: str, bridge_name: str, joining: str, others: Sequence[str]) -> str:
    """Return a file of interfaces(5) in which the uplink's lines are the bridge's, and other ports' own lines are gone.

    Comments stay where they are. Raises PlacingError at what cannot be moved safely.
    """
    if words := [word for word in _REFUSED if re.search(rf"^\s*{word}\b", text, re.MULTILINE)]:
        raise PlacingError(f"{MAIN} uses {words[0]!r}, which cannot be moved to a bridge safely: simplify it first")
    lines: list[str] = []
    joined = dropped = False
    for line in text.splitlines(keepends=True):
        words = line.split()
        if words and re.match(r"(iface|auto|allow-|source|mapping)", words[0]):
            dropped = words[0] == "iface" and len(words) > 1 and words[1] in others
        if dropped:
            continue
        lines.append(_renamed(line, words, uplink, bridge_name, others))
        if words[:2] == ["iface", uplink] and not joined:
            lines.append(joining)
            joined = True
    return "".join(lines)


def _renamed(line: str, words: Sequence[str], uplink: str, bridge_name: str, others: Sequence[str]) -> str:
    """Return a line with the uplink's name changed, where the line is about interfaces."""
    if not words or not re.match(r"(iface|auto|allow-)", words[0]):
        return line
    if words[0] == "iface":
        return re.sub(rf"^(\s*iface\s+){re.escape(uplink)}(\s)", rf"\g<1>{bridge_name}\g<2>", line)
    kept = [bridge_name if word == uplink else word for word in words[1:] if word not in others]
    verb = "auto" if bridge_name in kept else words[0]  # a bridge is no hardware that is plugged in
    return f"{verb} {' '.join(kept)}\n" if kept else ""


def _joining(name: str, mac: str, ports: Sequence[str]) -> str:
    """Return the commands that make the bridge; a port that is missing keeps nobody out."""
    make = f"ip link add name {name} address {mac} type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
    join = "".join(f"    pre-up ip link set dev {port} master {name} up || true\n" for port in ports)
    return (
        f"    {_ADDED}    pre-up ip link show dev {name} >/dev/null 2>&1 || {make}\n{join}"
        f"    post-down ip link delete dev {name} || true\n"
    )
