# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness watch-loops``: the service that parts the bridge's ports while cables make a loop."""

import click

from appliance.placing.loops import watch


@click.command()
@click.argument("bridge")
@click.argument("ports", nargs=-1, required=True)
def watch_loops(bridge: str, ports: tuple[str, ...]) -> None:
    """Part the ports of the bridge while cables make a loop.

    A frame is sent by the first port every few seconds; each other one by which it comes back is isolated from it.
    """
    watch(bridge, ports)
