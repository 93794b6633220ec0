# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness firewall``: which ports of this machine are open, for nft; earwitness-firewall puts them in place."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from appliance.commands.settings_file import settings_in, settings_option
from appliance.limits import SSHD_CONFIG_BYTES
from appliance.settings import Https, Settings

_SSHD = Path("/etc/ssh")
#: Where sshd_config(5) says a port: with ``Port``, and behind an address.
_PORT = re.compile(r"^\s*(?:Port\s+|ListenAddress\s+(?:\[[^]]+\]|[^\s:]+):)(\d{1,5})\b", re.IGNORECASE | re.MULTILINE)
_SSH, _MDNS = 22, 5353


@click.command()
@settings_option
def firewall(settings_file: Path) -> None:
    """Print which ports of this machine are open to the home, and which to all, for nft.

    It changes nothing. The rules are those of /etc/earwitness/nftables.conf.
    """
    settings = settings_in(settings_file)
    tcp, udp = home_ports(settings)
    for name, ports in (("home_tcp", tcp), ("home_udp", udp), ("ssh_tcp", ssh_ports(_SSHD))):
        click.echo(_set(name, ports))


def home_ports(settings: Settings) -> tuple[set[int], set[int]]:
    """Return the TCP and the UDP ports that are open to the home."""
    tcp, udp = set(_web(settings)), {_MDNS}
    tcp |= {each.port for each in settings.ears.wyoming}
    for each in settings.firewall.open:
        number, _, protocol = each.partition("/")
        (tcp if protocol == "tcp" else udp).add(int(number))
    return tcp, udp


def _web(settings: Settings) -> Iterator[int]:
    if not settings.web.serve:
        return
    yield settings.web.port
    if settings.web.https is not Https.OFF:
        yield settings.web.https_port


def ssh_ports(folder: Path) -> set[int]:
    """Return the ports on which sshd listens, as its files say; 22 if they say none."""
    ports: set[int] = set()
    for path in (folder / "sshd_config", *sorted(folder.glob("sshd_config.d/*.conf"))):
        try:
            with path.open("rb") as file:
                text = file.read(SSHD_CONFIG_BYTES).decode(errors="replace")
        except OSError:
            continue
        ports |= {port for found in _PORT.findall(text) if 0 < (port := int(found)) < 65_536}
    return ports or {_SSH}


def _set(name: str, ports: Iterable[int]) -> str:
    """Return what puts these ports in place of those that are in a set."""
    flush = f"flush set inet earwitness {name}"
    elements = ", ".join(map(str, sorted(ports)))
    return f"{flush}\nadd element inet earwitness {name} {{ {elements} }}" if elements else flush
