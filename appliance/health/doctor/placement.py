# SPDX-License-Identifier: GPL-2.0-or-later
"""How this machine is placed in the network, by its interfaces, and whether the settings say the same."""

from collections.abc import Iterator, Mapping, Sequence

from appliance.health.doctor.links import Link
from appliance.health.doctor.remark import Level, Remark
from appliance.settings import CaptureSettings, Placement

_TOPIC = "placement"
_HOW = "the settings (placement, interfaces), or how the machine is connected: docs/doctor.md shows each way."


def ports_of(bridge: str, links: Sequence[Link]) -> list[Link]:
    """Return the ports of a bridge."""
    return [link for link in links if link.master == bridge]


def watched(settings: CaptureSettings, links: Sequence[Link]) -> list[Link]:
    """Return the interfaces to watch: those of the settings that are there."""
    return [link for link in links if link.name in settings.interfaces]


def placed(links: Sequence[Link]) -> str:
    """Say how the machine is placed, as far as its interfaces tell."""
    for bridge in links:
        ports = ports_of(bridge.name, links) if bridge.bridge else []
        names = " and ".join(port.name for port in ports)
        if len(ports) > 1 and any(port.wireless for port in ports):
            return f"{bridge.name} joins an access point of this machine to its network: {names}"
        if len(ports) > 1:
            return f"{bridge.name} is a bridge between {names}"
    names = ", ".join(link.name for link in links if not link.bridge) or "none"
    return f"there is no bridge with two ports; its interfaces are: {names}"


def placement(settings: CaptureSettings, links: Sequence[Link]) -> list[Remark]:
    """Compare the settings with what there is."""
    remarks = list(_missing(settings, links)) or list(_mismatch(settings, {link.name: link for link in links}))
    if remarks:
        return remarks
    return [Remark(Level.OK, _TOPIC, f"As the settings say ({settings.placement}): {placed(links)}.")]


def _missing(settings: CaptureSettings, links: Sequence[Link]) -> Iterator[Remark]:
    for name in settings.interfaces:
        if name not in {link.name for link in links}:
            yield Remark(
                Level.PROBLEM,
                _TOPIC,
                f"The settings name the interface {name}, which is not there; {placed(links)}.",
                "Nothing is seen on it.",
                f"Plug the adapter in, or change {_HOW}",
            )


def _mismatch(settings: CaptureSettings, links: Mapping[str, Link]) -> Iterator[Remark]:
    ports = [links[name] for name in settings.interfaces if name in links]
    masters = {port.master for port in ports if port.master and links[port.master].bridge}
    if settings.placement is Placement.MIRROR:
        if masters:
            yield _other("a mirror", f"{ports[0].name} is a port of the bridge {ports[0].master}", Level.WARNING, links)
        return
    if ports and (len(masters) != 1 or any(port.master not in masters for port in ports)):
        names = " and ".join(port.name for port in ports)
        yield _other(f"a port of one bridge for each of {names}", "they are not joined", Level.PROBLEM, links)
        return
    joined = [link for link in links.values() if link.master in masters]
    if settings.placement is Placement.ACCESS_POINT and ports and not any(link.wireless for link in joined):
        yield _other("an access point", "no port of the bridge is a Wi-Fi", Level.PROBLEM, links)


def _other(wanted: str, found: str, level: Level, links: Mapping[str, Link]) -> Remark:
    means = "The traffic of others does not pass here, or only half of it is seen."
    return Remark(
        level,
        _TOPIC,
        f"The settings want {wanted}, but {found}; {placed(list(links.values()))}.",
        means,
        f"Change {_HOW}",
    )
