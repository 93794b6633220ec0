# SPDX-License-Identifier: GPL-2.0-or-later
"""Watches the ports for some seconds, as the capture service would."""

import select
import time
from collections.abc import Iterable
from contextlib import ExitStack

from appliance.capture.bpf import everything
from appliance.capture.ring import Ring
from appliance.health.doctor.links import Link
from appliance.health.doctor.tags import Tags
from appliance.health.doctor.tally import Tally
from appliance.limits import DOCTOR_FRAME_BYTES, RING_RETIRE_MS


def watch(ports: Iterable[Link], own: frozenset[int], seconds: float) -> Tally:
    """Return what came in on ports that are up. Raises OSError, PermissionError without the right to look."""
    listened = [port for port in ports if port.up]
    tally = Tally({port.name: port.mtu for port in listened}, own)
    with ExitStack() as stack:
        rings = {port.name: stack.enter_context(Ring(everything(DOCTOR_FRAME_BYTES))) for port in listened}
        tags = {port.name: stack.enter_context(Tags(port.name)) for port in listened}
        for name, ring in rings.items():
            ring.bind(name, promiscuous=True)
        end = time.monotonic() + seconds
        while rings and (left := end - time.monotonic()) > 0:
            select.select(list(rings.values()), [], [], min(left, RING_RETIRE_MS / 1000))
            for name, ring in rings.items():
                tally.feed(name, ring.read())
        for name, ring in rings.items():
            tally.heard[name].lost = ring.drops().dropped
            tally.heard[name].tags |= tags[name].read()
    return tally
