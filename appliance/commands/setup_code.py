# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness setup-code``: the one-time code with which the owner begins."""

from pathlib import Path

import click

from appliance.commands.settings_file import settings_in, settings_option
from appliance.commands.words import refuse
from web.accounts.code import code_file


@click.command()
@settings_option
def setup_code(settings_file: Path) -> None:
    """Print the one-time code that the first page of the dashboard asks for. It is gone once there is an owner."""
    path = code_file(settings_in(settings_file).paths.state)
    try:
        click.echo(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        refuse(f"{path} is not there: either the house has an owner already, or the hub was never started")
