# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness confirm-network``: keeps a change of the network that waits."""

import click

from appliance.commands.words import refuse
from appliance.placing.plan import PlacingError
from appliance.placing.switch import Switch


@click.command()
def confirm_network() -> None:
    """Keep a change of the network that waits, as `earwitness place` made it; otherwise it goes back by itself."""
    try:
        kept = Switch().confirm()
    except PlacingError as error:
        refuse(str(error))
    click.echo("The network stays as it is." if kept else "No change of the network waits.")
