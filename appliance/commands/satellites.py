# SPDX-License-Identifier: GPL-2.0-or-later
"""Ears in other rooms, by hand: on the hub who may come, is there, and is none any more; on a satellite whose it is."""

from pathlib import Path
from socket import gethostname

import click

from appliance.commands.settings_file import settings_in
from appliance.commands.words import complain, refuse
from appliance.limits import SATELLITE_NAME_CHARACTERS

_RESTART = "Now: systemctl restart earwitness-ears"


@click.command("invite")
@click.pass_obj
def invite(settings_file: Path) -> None:
    """On the hub: let one more machine become an ear of the home, within ten minutes."""
    from appliance.satellites.invitation import InvitationError, invite

    try:
        command = invite(settings_in(settings_file))
    except InvitationError as error:
        refuse(str(error))
    click.echo(f"On the other machine, within ten minutes:\n\n  {command}")


@click.command("satellites")
@click.pass_obj
def satellites(settings_file: Path) -> None:
    """On the hub: list the machines in other rooms that are ears of the home, and how each ear is."""
    from rich.console import Console
    from rich.table import Table

    from appliance.satellites.reception import ELSEWHERE
    from appliance.satellites.roster import Roster
    from appliance.status import EarStatus, read_status

    paths = settings_in(settings_file).paths
    told = read_status(paths.run, ELSEWHERE, EarStatus)
    ears = told.ears if told else {}
    table = Table("satellite", "ear", "room", "level", "how it is", box=None, pad_edge=False)
    for each in Roster(paths.satellites).satellites:
        ours = {name: ear for name, ear in ears.items() if name.startswith(f"{each.name}/")}
        if not ours:
            table.add_row(each.name, "", "", "", "nothing is heard of it")
        for name, ear in ours.items():
            level = "" if ear.level is None else f"{ear.level:.0f} dB"
            table.add_row(each.name, name.partition("/")[2], ear.room or "", level, ear.state)
    if table.row_count:
        Console().print(table)
    else:
        complain("there is none; earwitness ears invite lets one come")


@click.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke(settings_file: Path, name: str) -> None:
    """On the hub: let the satellite NAME tell nothing more; its key is worth nothing from now on."""
    from appliance.satellites.roster import Roster

    try:
        found = Roster(settings_in(settings_file).paths.satellites).revoke(name)
    except OSError as error:
        refuse(f"{error.filename}: {error.strerror}: ask as root")
    if not found:
        refuse(f"there is no satellite {name!r}; earwitness ears satellites lists them")
    click.echo(f"Revoked: {name}")


@click.command("pair")
@click.argument("hub")
@click.argument("code")
@click.option("--name", default=lambda: gethostname()[:SATELLITE_NAME_CHARACTERS], help="What to call this machine.")
@click.pass_obj
def pair(settings_file: Path, hub: str, code: str, name: str) -> None:
    """On a satellite: become an ear of the home of HUB (a name or an address), by the CODE that it gave.

    From then on what is heard here is told to the hub, and written nowhere here. The sound itself goes nowhere.
    """
    from pydantic import ValidationError

    from appliance.satellites.codes import CodeError, read_code
    from appliance.satellites.hub import HubError, join
    from appliance.satellites.membership import read_address, write_membership

    settings = settings_in(settings_file)
    try:
        membership = join(read_address(hub), read_code(code), name)
        settings.paths.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_membership(settings.paths.hub, membership)
    except (CodeError, HubError) as error:
        refuse(str(error))
    except ValidationError as error:
        refuse(error.errors()[0]["msg"].removeprefix("Value error, "))
    except ValueError:
        refuse(f"{hub!r} is no name or address of a hub")
    except OSError as error:
        refuse(f"{error.filename}: {error.strerror}: ask as root")
    click.echo(f"Paired: this is the satellite “{name}” of {membership.hub}. {_RESTART}")
    if not settings.ears.microphones:
        complain("no microphone is set: see earwitness ears list, and docs/settings.md")


@click.command("leave")
@click.pass_obj
def leave(settings_file: Path) -> None:
    """On a satellite: be no ear of that home any more."""
    try:
        settings_in(settings_file).paths.hub.unlink()
    except FileNotFoundError:
        refuse("this is no satellite")
    except OSError as error:
        refuse(f"{error.filename}: {error.strerror}: ask as root")
    click.echo(f"Left. {_RESTART}. On the hub: earwitness ears revoke {gethostname()}")
