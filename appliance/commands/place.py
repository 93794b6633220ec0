# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness place``: where this machine stands in the network, and back."""

import secrets
from pathlib import Path

import click
from pydantic import ValidationError

from appliance.commands.words import refuse
from appliance.limits import CONFIRM_MINUTES
from appliance.placing.design import design
from appliance.placing.look import look
from appliance.placing.plan import PlacingError, described
from appliance.placing.switch import Switch
from appliance.placing.wish import Wanted, Wish, asked, complaint


@click.command()
@click.argument("placement", required=False, type=click.Choice(["bridge", "access-point", "mirror"]))
@click.option("--ports", metavar="A,B", help="The interfaces; without it those that there are, if there is no choice.")
@click.option("--ssid", help="The name of the access point's Wi-Fi.")
@click.option("--country", metavar="CC", help="Where it stands, as two letters: each country allows other channels.")
@click.option("--channel", type=click.IntRange(1, 13), default=6, show_default=True, help="Of 2.4 GHz.")
@click.option("--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its first line.")
@click.option("--minutes", type=click.FloatRange(0.5, 60), default=CONFIRM_MINUTES, show_default=True)
@click.option("--dry-run", is_flag=True, help="Show each change, and make none.")
@click.option("--undo", is_flag=True, help="Make the network as it was before Earwitness.")
@click.option("--asked", "asked_in", type=click.Path(path_type=Path), help="Do what the dashboard asked for in a file.")
def place(  # noqa: PLR0913, PLR0917 - click hands over each option
    placement: str | None,
    ports: str | None,
    ssid: str | None,
    country: str | None,
    channel: int,
    passphrase_file: Path | None,
    minutes: float,
    asked_in: Path | None,
    *,
    dry_run: bool,
    undo: bool,
) -> None:
    """Place this machine in the network: bridge, access point, mirror port; or undo it.

    Until `earwitness confirm-network`, or the dashboard's button, says that all is well, the network is put back as it
    was: after some minutes, or when the machine starts again.
    """
    if [placement is not None, undo, asked_in is not None].count(True) != 1:
        refuse("say where to place it: bridge, access-point or mirror; or --undo")
    try:
        if asked_in is not None:
            wish = asked(asked_in)
        else:
            wifi = {"ssid": ssid, "country": country, "channel": channel}
            if placement == "access-point":
                wifi["passphrase"] = _passphrase(passphrase_file)
            wish = Wish.model_validate(
                {
                    "placement": placement or "undo",
                    "ports": ports.split(",") if ports else None,
                    "wifi": wifi if placement == "access-point" else None,
                }
            )
        _do(wish, minutes, dry_run=dry_run)
    except ValidationError as error:
        refuse(complaint(error))
    except PlacingError as error:
        refuse(str(error))


def _do(wish: Wish, minutes: float, *, dry_run: bool) -> None:
    switch = Switch()
    if wish.placement is Wanted.UNDO:
        if dry_run:
            click.echo("\n".join(switch.would_undo()) or "There is nothing to undo.")
            return
        click.echo("The network is as it was before." if switch.undo() else "There is nothing to undo.")
        return
    seen = switch.known(look(wish.ports))
    plan = design(seen, wish)
    if switch.placed(plan):
        click.echo(f"This machine is placed so already: {plan.placement}.")
        return
    if dry_run:
        click.echo("\n".join(described(plan)))
        return
    for remark in plan.remarks:
        click.echo(f"Note: {remark}.")
    switch.apply(plan, seen, minutes)
    click.echo(
        f"Placed: {plan.placement}. It goes back in {minutes:g} minutes, unless you keep it:\n"
        "the dashboard has a button for that, or call: earwitness confirm-network"
    )


def _passphrase(file: Path | None) -> str:
    """Return the passphrase of the Wi-Fi: from a file, from the keyboard, or made up and shown."""
    if file is not None:
        return file.read_text(encoding="utf-8").splitlines()[0]
    typed: str = click.prompt("Passphrase of the Wi-Fi (empty: one is made up)", default="", hide_input=True)
    if typed:
        return typed
    made_up = "-".join(secrets.token_hex(2) for _ in range(4))
    click.echo(f"The Wi-Fi's passphrase is: {made_up}")
    return made_up
