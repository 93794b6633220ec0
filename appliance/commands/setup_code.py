# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness setup-code``: the one-time code with which the owner begins."""

import io
from ipaddress import ip_address
from pathlib import Path

import click
import segno

from appliance.commands.settings_file import settings_in, settings_option
from appliance.commands.words import refuse
from appliance.settings import WebSettings
from web.accounts.code import code_file
from web.addresses import own_addresses
from web.local_name import NAME, leads_to


@click.command()
@settings_option
@click.option("--qr", is_flag=True, help="Also where to type it, in words and as a QR code for a phone.")
def setup_code(settings_file: Path, *, qr: bool) -> None:
    """Print the one-time code that the first page of the dashboard asks for. It is gone once there is an owner."""
    settings = settings_in(settings_file)
    path = code_file(settings.paths.state)
    try:
        code = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        refuse(f"{path} is not there: either the house has an owner already, or the hub was never started")
    click.echo(_invitation(code, settings.web, own_addresses(), leads_to()) if qr else code)


def _invitation(code: str, web: WebSettings, addresses: list[str], found: str | None) -> str:
    """Return where the code is to be typed, for somebody at home: by name, and by address, which any phone finds.

    ``found`` is the address to which earwitness.local leads; it is named if that is this machine.
    """
    if web.url is None:
        return f"The dashboard is switched off in the settings. The one-time code is {code}"
    name = web.url.partition("://")[2].partition(":")[0]
    hosts = [name, *([NAME] if found in addresses and name != NAME else []), *filter(_in_a_home, addresses)]
    places = [web.url.replace(name, host, 1) for host in hosts]
    drawn = io.StringIO()
    segno.make(places[-1], error="m", micro=False).terminal(drawn, border=2, compact=True)
    return f"{drawn.getvalue()}\nOpen {' or '.join(places)}\nin a browser at home. It asks for this code:  {code}"


def _in_a_home(text: str) -> bool:
    """Say whether somebody at home would reach this machine by an address: a private one of IPv4."""
    address = ip_address(text)
    return address.version == 4 and address.is_private and not (address.is_loopback or address.is_link_local)
