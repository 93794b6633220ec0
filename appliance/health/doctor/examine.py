# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole examination of this machine."""

import errno
import time
from collections.abc import Iterator, Sequence

from appliance.clocks import synchronised
from appliance.events import Service
from appliance.health.doctor import host, system
from appliance.health.doctor.links import Link, filtered, read_links
from appliance.health.doctor.placement import placement, watched
from appliance.health.doctor.ports import ports
from appliance.health.doctor.remark import Level, Remark
from appliance.health.doctor.sight import sight
from appliance.health.doctor.watch import watch
from appliance.health.installed import read_update
from appliance.health.machine import read_machine
from appliance.settings import Placement, Settings
from appliance.speakers.inventory import Inventory, read_inventory
from appliance.speakers.registry_file import RegistryError, load

_UNKNOWN_TO_THE_KERNEL = (errno.ENOPROTOOPT, errno.EINVAL, errno.EAFNOSUPPORT)


def examine(settings: Settings, seconds: float) -> Iterator[Remark]:
    """Yield what there is to say, as it is found; the network is watched for some seconds."""
    if settings.capture.placement is Placement.REPLAY:
        yield Remark(Level.OK, "placement", f"The settings replay {settings.capture.file}: no network is watched.")
    else:
        yield from _network(settings, seconds)
    yield from _machine(settings)


def _network(settings: Settings, seconds: float) -> Iterator[Remark]:
    links = read_links()
    listened = watched(settings.capture, links)
    yield from placement(settings.capture, links)
    yield from ports(listened, links, filtered=filtered())
    if not listened:
        return
    try:
        tally = watch(listened, frozenset(link.mac for link in links), seconds)
    except OSError as error:
        yield _blind(error)
        return
    yield Remark(
        Level.OK, "kernel", "It hands frames over as it should (TPACKET_V3), and we may take them (CAP_NET_RAW)."
    )
    speakers = [entry for entry in _household(settings).devices if entry.watched]
    yield from sight(tally, speakers, seconds)
    yield from _damaged(listened, read_links())


def _blind(error: OSError) -> Remark:
    """Say why the network could not be watched."""
    if isinstance(error, PermissionError):
        return Remark(
            Level.WARNING,
            "sight",
            "Whether the speakers' traffic passes here was not looked at.",
            "That needs the right to look at the network (CAP_NET_RAW).",
            "sudo earwitness doctor",
        )
    old = error.errno in _UNKNOWN_TO_THE_KERNEL
    return Remark(
        Level.PROBLEM,
        "kernel" if old else "sight",
        f"The network cannot be watched: {error.strerror}.",
        "This kernel does not hand frames over as it should (AF_PACKET, TPACKET_V3)." if old else "",
        "Use a kernel with CONFIG_PACKET, 4.20 or later, as Debian's are." if old else "Look again.",
    )


def _damaged(before: Sequence[Link], after: Sequence[Link]) -> Iterator[Remark]:
    """Yield the ports on which damaged frames came meanwhile, or for which the network card had no room."""
    errors = {link.name: link.errors for link in after}
    for port in before:
        if (count := errors.get(port.name, 0) - port.errors) > 0:
            yield Remark(
                Level.WARNING,
                "losses",
                f"On {port.name} {count:,} frames came damaged, or found no room in the network adapter.",
                "What is lost here is lost to the house too.",
                "Change the cable; then the adapter or its USB port.",
            )


def _household(settings: Settings) -> Inventory:
    """Return what the registry knows; nothing, if it may not be read."""
    try:
        return read_inventory(load(settings.paths.registry)[1])[0]
    except RegistryError:
        return Inventory()


def _machine(settings: Settings) -> Iterator[Remark]:
    state = settings.paths.state
    machine = read_machine(host.existing(state), time.time(), synchronised=synchronised())
    yield from system.clock(machine, host.time_zone())
    yield from system.disk(machine, host.mount_of(host.existing(state)), state)
    yield system.folder(state, host.mode_of(state), host.strange_files(state))
    yield from system.heat_and_power(machine)
    yield from system.update(read_update(settings.paths.install), machine.wall)
    ears = [Service.EARS] if _household(settings).ears else []
    for service in (Service.CAPTURE, *ears, Service.HUB):
        yield from system.service(host.running(settings.paths.run, service))
