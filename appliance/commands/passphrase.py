# SPDX-License-Identifier: GPL-2.0-or-later
"""The passphrase of a backup: asked for without showing it, or out of a file, never an argument, which others see."""

from pathlib import Path

import click

from appliance.commands.words import refuse
from appliance.limits import PASSPHRASE_CHARACTERS, PASSPHRASE_LEAST

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Take the passphrase from the first line of a file instead of asking for it.",
)


def the_passphrase(file: Path | None, *, new: bool) -> str:
    """Return the passphrase; of a ``new`` one it is asked for twice, and it must be long enough."""
    words = _first_line(file) if file else str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=new))
    if new and len(words) < PASSPHRASE_LEAST:
        refuse(f"a passphrase has at least {PASSPHRASE_LEAST} characters: some words that belong together to you alone")
    return words


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as lines:
            return lines.readline(PASSPHRASE_CHARACTERS).rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{file}: cannot be read as text: {error}")
