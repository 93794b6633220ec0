# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness revert-network``: takes back a change of the network that waits."""

import click

from appliance.commands.words import refuse
from appliance.placing.plan import PlacingError
from appliance.placing.switch import Switch


@click.command()
def revert_network() -> None:
    """Take back a change of the network that waits: what `earwitness place` changed and nobody confirmed."""
    try:
        reverted = Switch().revert()
    except PlacingError as error:
        refuse(str(error))
    click.echo("The network is as it was before." if reverted else "No change of the network waits.")
