# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness restore``: a backup becomes the house's own again."""

from datetime import datetime
from pathlib import Path

import click

from appliance.commands.passphrase import passphrase_option, the_passphrase
from appliance.commands.settings_file import settings_in, settings_option
from appliance.commands.words import refuse
from appliance.events import Service
from appliance.status import HubStatus, alive, read_status
from appliance.upkeep.age import MAGIC
from appliance.upkeep.restore import FOR_ROOT, RestoreError, stage


@click.command()
@settings_option
@passphrase_option
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def restore(settings_file: Path, passphrase_file: Path | None, file: Path) -> None:
    """Put a backup in place of what this machine knows, after all of it was checked.

    It may be of this version or an older one. The services notice and go on with it; what was there before is set aside
    in the state folder.
    """
    paths = settings_in(settings_file).paths
    with file.open("rb") as source:
        closed = source.read(len(MAGIC)) == MAGIC
        source.seek(0)
        words = the_passphrase(passphrase_file, new=False) if closed else ""
        try:
            paths.state.mkdir(mode=0o700, parents=True, exist_ok=True)
            staged = stage(source, words, paths)
        except RestoreError as error:
            refuse(str(error))
    made_at = datetime.fromtimestamp(staged.about.made_at).astimezone()
    click.echo(f"The backup of {made_at:%-d %B %Y, %H:%M} is whole: {', '.join(staged.names)}.")
    hub = read_status(paths.run, Service.HUB, HubStatus)
    runs = hub is not None and alive(hub.pid)
    click.echo("The services take it now." if runs else "The services take it when they start.")
    if any(name.startswith("etc/") for name in staged.names):
        click.echo(f"Settings and rules of the machine are laid in {paths.state / FOR_ROOT}: copy what fits this one.")
