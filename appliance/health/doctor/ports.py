# SPDX-License-Identifier: GPL-2.0-or-later
"""The ports and the bridge themselves: what keeps frames from passing, or from being seen."""

from collections.abc import Iterator, Sequence

from appliance.health.doctor.links import Link
from appliance.health.doctor.placement import ports_of
from appliance.health.doctor.remark import Level, Remark


def ports(watched: Sequence[Link], links: Sequence[Link], *, filtered: bool) -> Iterator[Remark]:
    """Yield what is to say of the ports that are watched; ``filtered``: bridged frames pass the firewall."""
    for port in watched:
        yield from _port(port)
    yield from _bridges(watched, links)
    if filtered and any(port.master for port in watched):
        yield Remark(
            Level.WARNING,
            "firewall",
            "What passes the bridge goes through this machine's firewall rules (br_netfilter), as Docker wants it.",
            "A rule meant for this machine alone may cut off the whole house.",
            "sysctl net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0, or see your rules.",
        )


def _port(port: Link) -> Iterator[Remark]:
    if not (port.up and port.carrier):
        wrong, what = ("no connection", "Check the cable and what is at its other end.")
        if not port.up:
            wrong, what = ("no power: it is switched off", f"Switch it on: ip link set {port.name} up")
        yield Remark(Level.PROBLEM, "ports", f"{port.name} has {wrong}.", "Nothing comes in there.", what)
    elif not port.forwards:
        yield Remark(
            Level.PROBLEM,
            "ports",
            f"The bridge {port.master} does not let frames through {port.name}.",
            "Its spanning tree is still learning, which takes half a minute, or found a loop of cables.",
            "Wait and look again; then look for a second cable between the same two networks.",
        )


def _bridges(watched: Sequence[Link], links: Sequence[Link]) -> Iterator[Remark]:
    for bridge in links:
        ports = ports_of(bridge.name, links)
        unwatched = [port.name for port in ports if port not in watched]
        if not bridge.bridge or len(unwatched) == len(ports):
            continue
        if unwatched:
            yield Remark(
                Level.WARNING,
                "ports",
                f"{bridge.name} has ports that the settings do not name: {', '.join(unwatched)}.",
                "Of devices behind them nothing is seen that they send.",
                "Add them to interfaces in the settings.",
            )
        if len({port.mtu for port in ports}) > 1:
            sizes = ", ".join(f"{port.name} {port.mtu}" for port in ports)
            yield Remark(
                Level.WARNING,
                "mtu",
                f"The ports of {bridge.name} take frames of different length: {sizes}.",
                "Longer frames than the shortest are thrown away: some pages and downloads hang.",
                "Set the same on all, most often 1500: ip link set NAME mtu 1500",
            )
        if bridge.spanning_tree:
            yield Remark(
                Level.OK,
                "ports",
                f"{bridge.name} looks for loops by STP: after a start nothing passes for half a minute.",
                remedy=f"In a house without loops: ip link set {bridge.name} type bridge stp_state 0",
            )
