# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness certificates``: the fingerprint by which one knows the home's own authority."""

from pathlib import Path

import click

from appliance.certificates import fingerprint
from appliance.commands.settings_file import settings_in, settings_option
from appliance.commands.words import refuse


@click.command()
@settings_option
def certificates(settings_file: Path) -> None:
    """Print the fingerprint of the home's certificate. Compare it with what a phone shows before you trust it."""
    path = settings_in(settings_file).paths.certificates / "home-ca.crt"
    try:
        digits = fingerprint(path.read_bytes()).upper()
    except FileNotFoundError:
        refuse(f"{path} is not there: the hub makes it when it first serves HTTPS")
    except ValueError:
        refuse(f"{path} is no certificate")
    click.echo(":".join(digits[at : at + 2] for at in range(0, len(digits), 2)))
