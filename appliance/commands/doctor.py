# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness doctor``: whether this machine can be a witness, and what to do if not."""

import sys
from pathlib import Path

import click

from appliance.commands.settings_file import settings_in, settings_option
from appliance.limits import DOCTOR_WATCH_S


@click.command()
@settings_option
@click.option("--check", is_flag=True, help="Only check the settings, as the services do before they start.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
@click.option(
    "--seconds",
    type=click.FloatRange(1, 3600),
    default=DOCTOR_WATCH_S,
    show_default=True,
    help="How long to watch the network.",
)
def doctor(settings_file: Path, *, check: bool, as_json: bool, seconds: float) -> None:
    """Look at this machine: can it see what speakers send, and what to do if not.

    Exit status: 0 all is well; 1 there are warnings; 2 there are problems, or the settings cannot be used.
    """
    settings = settings_in(settings_file)
    if check:
        return
    from rich.console import Console

    from appliance.health.doctor import examine, show, worst

    console = Console(highlight=False)
    with console.status(f"Watching the network for {seconds:g} s ..."):
        remarks = list(examine(settings, seconds))
    if as_json:
        click.echo(show.as_json(remarks))
    elif console.is_terminal:
        console.print(show.table(remarks), "", show.summary(remarks))
    else:
        click.echo("\n".join((*map(show.plain, remarks), show.summary(remarks))))
    sys.exit(worst(remarks))
