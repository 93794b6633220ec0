# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness accounts``: who may come in, for whoever is at the machine and cannot log in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from appliance.commands.settings_file import settings_in, settings_option
from appliance.commands.words import refuse
from web.accounts import Accounts, AccountsError


@click.group()
def accounts() -> None:
    """Look after the users of the dashboard, at the machine. Works beside the hub; needs the rights of root."""


@accounts.command("list")
@settings_option
def list_(settings_file: Path) -> None:
    """List the users."""
    with _opened(settings_file) as found:
        for user in found.users.all():
            click.echo(f"{user.role:<8}{user.name}")


@accounts.command()
@click.argument("name")
@settings_option
def password(name: str, settings_file: Path) -> None:
    """Give a user another password, which is asked for; their sessions end."""
    with _opened(settings_file) as found:
        fresh = click.prompt("New password", hide_input=True, confirmation_prompt=True)
        found.users.set_password(name, fresh)
        click.echo(f"{name} has another password.")


@accounts.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@settings_option
def reset(settings_file: Path, *, yes: bool) -> None:
    """Set all users, sessions and tokens aside, so that the first run begins anew."""
    state = settings_in(settings_file).paths.state
    if not yes:
        click.confirm("Nobody will be able to log in until an owner was made with a new code. Go on?", abort=True)
    aside = f"accounts.json.aside-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    try:
        (state / "accounts.json").rename(state / aside)
    except OSError as error:
        refuse(f"{state / 'accounts.json'}: {error.strerror}")
    click.echo(f"They are kept as {aside}. Restart the hub, then: earwitness setup-code")


@contextmanager
def _opened(settings_file: Path) -> Iterator[Accounts]:
    """Open the accounts as whoever owns the state folder, so that the hub can read what is written; end on trouble."""
    state = settings_in(settings_file).paths.state
    try:
        owner = state.stat()
        os.setegid(owner.st_gid)
        os.seteuid(owner.st_uid)
        yield Accounts(state)
    except AccountsError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{state}: {error.strerror}: are you root?")
