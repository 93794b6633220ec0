# SPDX-License-Identifier: GPL-2.0-or-later
"""From what somebody wants and what the machine is to a plan, or to the reason why there is none."""

from collections.abc import Sequence

from appliance.placing import beside, ifupdown, networkd, networkmanager
from appliance.placing.access_point import wifi
from appliance.placing.chosen import chosen
from appliance.placing.plan import File, Part, PlacingError, Plan, joined
from appliance.placing.seen import Backend, Port, Seen
from appliance.placing.wish import Wanted, Wish
from appliance.settings import SETTINGS, Placement

#: The bridge's name.
BRIDGE = "br0"
_ADAPTER = "plug a USB network adapter in, or place it as an access point or at a mirror port"


def design(seen: Seen, wish: Wish) -> Plan:
    """Return the plan for a wish. Raises PlacingError with the reason if it would not work, or lock somebody out."""
    placement = wish.settled
    ports = _ports(seen, wish)
    for port in ports:
        if port.master is not None:
            raise PlacingError(f"{port.name} is a port of {port.master} already; take it out there first")
    names = tuple(port.name for port in ports)
    made = {
        Wanted.BRIDGE: _bridge,
        Wanted.ACCESS_POINT: _access_point,
        Wanted.MIRROR: _mirror,
    }[wish.placement](seen, wish, ports)
    settings = File(path=SETTINGS, text=chosen(seen.settings, placement, names))
    last = (Part(files=(settings,)), beside.restarted())
    return joined(placement, names, None if placement is Placement.MIRROR else BRIDGE, (*made, *last))


def _bridge(seen: Seen, _: Wish, ports: Sequence[Port]) -> tuple[Part, ...]:
    if len(ports) != 2 or any(port.wireless for port in ports):
        raise PlacingError(f"a bridge needs two wired ports, not {_listed(ports) or 'none'}: {_ADAPTER}")
    return _joined(seen, ports, ports)


def _access_point(seen: Seen, wish: Wish, ports: Sequence[Port]) -> tuple[Part, ...]:
    radios = [port for port in ports if port.wireless]
    wired = [port for port in ports if not port.wireless]
    if not radios:
        where = f"among {_listed(ports)}" if wish.ports else "here"
        raise PlacingError(f"an access point needs a radio, a Wi-Fi adapter, beside its cable: there is none {where}")
    if len(radios) != 1 or len(wired) != 1 or wish.wifi is None:
        raise PlacingError(f"an access point needs one radio and one wired port, not {_listed(ports) or 'none'}")
    radio, port = radios[0], wired[0]
    if (radio.addressed or radio.name in seen.way_in) and not (port.carrier and port.addressed):
        raise PlacingError(
            f"{radio.name} is this machine's only way into the network, and an access point would take it away: "
            f"plug a cable into {port.name} first, and wait until it has an address"
        )
    alone = _left_alone(seen, radio.name)
    return (
        beside.freed(seen, radio.name),
        alone,
        *_joined(seen, wired, ports),
        wifi(seen, wish.wifi, radio.name, BRIDGE),
    )


def _mirror(seen: Seen, _: Wish, ports: Sequence[Port]) -> tuple[Part, ...]:
    if len(ports) != 1 or ports[0].wireless:
        raise PlacingError(f"a mirror port is one wired port, not {_listed(ports) or 'none'}")
    port = ports[0]
    if port.name in seen.way_in or port.addressed:
        note = f"{port.name} is also this machine's own way into the network: see to it that the switch lets it speak"
        return (beside.offloads(seen, (port.name,)), Part(remarks=(note,)))
    return (_silent(seen, port.name), beside.offloads(seen, (port.name,)))


def _joined(seen: Seen, wired: Sequence[Port], ports: Sequence[Port]) -> tuple[Part, ...]:
    """Return the bridge of the wired ports, and what belongs to it; ``ports`` are those that frames come in by."""
    if BRIDGE in seen.bridges:
        raise PlacingError(f"there is a bridge {BRIDGE} already, which is not ours: take it away, and try again")
    uplink = seen.uplink(wired).name
    names = [port.name for port in wired]
    makes = {
        Backend.NETWORKD: networkd.bridge,
        Backend.NETWORKMANAGER: networkmanager.bridge,
        Backend.IFUPDOWN: ifupdown.bridge,
    }[_known(seen)]
    sizes = {port.mtu for port in ports}
    small = f"the ports' MTUs differ: the bridge takes the smallest, {min(sizes)} bytes" if len(sizes) > 1 else ""
    return (
        beside.firewall(seen),
        makes(seen, BRIDGE, uplink, names),
        beside.offloads(seen, [port.name for port in ports if not port.wireless]),
        beside.loops(BRIDGE, [uplink, *(port.name for port in ports if port.name != uplink)]),
        Part(remarks=(small,) if small else ()),
    )


def _silent(seen: Seen, port: str) -> Part:
    match _known(seen):
        case Backend.NETWORKD:
            return networkd.silent(port)
        case Backend.NETWORKMANAGER:
            return networkmanager.silent(port)
        case Backend.IFUPDOWN:
            return ifupdown.silent(seen, port)


def _left_alone(seen: Seen, radio: str) -> Part:
    match _known(seen):
        case Backend.NETWORKD:
            return networkd.left_alone(radio)
        case Backend.NETWORKMANAGER:
            return networkmanager.left_alone(radio)
        case Backend.IFUPDOWN:
            if any(f"iface {radio} " in text for text in seen.addressing.values()):
                raise PlacingError(f"/etc/network/interfaces uses {radio}: take its lines away, and try again")
            return Part()


def _known(seen: Seen) -> Backend:
    if seen.backend is None:
        raise PlacingError(seen.unknown or "nobody that we know looks after this machine's network")
    return seen.backend


def _ports(seen: Seen, wish: Wish) -> list[Port]:
    """Return the ports that are wanted; without any said, those of the machine, if there is no choice."""
    if wish.ports is not None:
        missing = [name for name in wish.ports if seen.port(name) is None]
        if missing:
            raise PlacingError(f"there is no interface {' and no '.join(missing)}; there are: {_listed(seen.ports)}")
        return [port for name in wish.ports if (port := seen.port(name))]
    wired = [port for port in seen.ports if port.hardware and not port.wireless]
    radios = [port for port in seen.ports if port.hardware and port.wireless]
    match wish.placement:
        case Wanted.MIRROR:
            free = [port for port in wired if port.name not in seen.way_in and not port.addressed]
            found = free if len(wired) > 1 and free else wired
        case Wanted.ACCESS_POINT:
            found = [seen.uplink(wired), *radios] if wired else radios
        case _:
            found = wired
    wanted = 1 if wish.placement is Wanted.MIRROR else 2
    if len(found) > wanted:
        raise PlacingError(f"there are {_listed(found)}: say which, with --ports")
    return found


def _listed(ports: Sequence[Port]) -> str:
    return " and ".join(port.name for port in ports)
