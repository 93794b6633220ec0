# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness backup``: all that the household made and saw, in one file."""

import time
from pathlib import Path

import click

from appliance.commands.passphrase import passphrase_option, the_passphrase
from appliance.commands.settings_file import settings_in, settings_option
from appliance.commands.words import refuse
from appliance.disk import fill_file
from appliance.report.words import size
from appliance.upkeep.backup import BackupError
from appliance.upkeep.backup import backup as made


@click.command()
@settings_option
@passphrase_option
@click.option("--without-secrets", is_flag=True, help="No passphrase, and so no accounts, channels' secrets and keys.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(settings_file: Path, passphrase_file: Path | None, file: Path, *, without_secrets: bool) -> None:
    """Write rooms, choices, accounts and the ledger to one file, while the services go on.

    The passphrase closes it: `age -d FILE | tar xz` opens it anywhere, and nobody can without the passphrase. A FILE
    that is there is replaced when the new one is whole. Captures of single uploads are not in it.
    """
    settings = settings_in(settings_file)
    words = "" if without_secrets else the_passphrase(passphrase_file, new=True)
    try:
        fill_file(file, made(settings_file, settings.paths, words, time.time()))
    except BackupError as error:
        refuse(str(error))
    click.echo(f"{file}: {size(file.stat().st_size)}.")
