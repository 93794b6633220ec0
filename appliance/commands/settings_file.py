# SPDX-License-Identifier: GPL-2.0-or-later
"""The settings file on the command line; imports little, so that services check it quickly before they start."""

from pathlib import Path

import click

from appliance.commands.words import refuse
from appliance.settings import SETTINGS, Settings, SettingsError, load_settings

settings_option = click.option(
    "--settings",
    "settings_file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=SETTINGS,
    show_default=True,
    help="The settings file; one that is not there stands for the defaults.",
)


def settings_in(path: Path) -> Settings:
    """Return the settings in a file, or end with all that is wrong with them."""
    try:
        return load_settings(path)
    except SettingsError as error:
        refuse(*str(error).splitlines())
