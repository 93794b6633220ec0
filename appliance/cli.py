# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``earwitness``; each of its commands is a module of ``appliance.commands``, imported when it is called.

Exit status: 0 done; 2 something given cannot be used (arguments, rules, sounds, a file that is no capture); 3 a capture
is damaged and was analysed up to the damage; 130 interrupted from the keyboard.
"""

import errno
import gc
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from appliance import __version__
from appliance.commands.words import INTERRUPTED, refuse
from appliance.limits import GARBAGE_AFTER

COMMANDS = {
    "accounts": "Look after the users of the dashboard, at the machine.",
    "alarm": "Tell every channel that the hub does not stay up; not again for some hours.",
    "analyze": "Find voice uploads in packet captures and judge each by what ears heard.",
    "backup": "Write rooms, choices, accounts and the ledger to one file, while the services go on.",
    "capture": "Watch the network, and put what speakers send into the ledger, until asked to end.",
    "certificates": "Print the fingerprint of the home's certificate.",
    "demo": "Show the whole dashboard of a simulated household's day, on this machine alone.",
    "confirm-network": "Keep a change of the network that waits.",
    "doctor": "Look at this machine: can it see what speakers send, and what to do if not.",
    "ears": "Listen for wake words and speech, and put what is heard into the ledger, until asked to end.",
    "firewall": "Print which ports of this machine are open to the home, and which to all, for nft.",
    "hub": "Judge what the other services put into the ledger, until asked to end.",
    "release": "Sign the bundles of releases, and check them.",
    "place": "Place this machine in the network: bridge, access point, mirror port; or undo it.",
    "restore": "Put a backup in place of what this machine knows, after all of it was checked.",
    "revert-network": "Take back a change of the network that waits.",
    "rules": "Look after the rules that recognise speakers, hosts and uploads.",
    "selftest": "Try whether the installed services give each verdict when a household that was made up calls for it.",
    "setup-code": "Print the one-time code that the first page of the dashboard asks for.",
    "simulate": "Write a household's traffic, sounds and truth that were made up.",
    "speakers": "List the devices in packet captures: what each was recognised by, and how sure.",
    "watch-loops": "Part the ports of the bridge while cables make a loop.",
}


class Late(click.Group):
    """A group whose commands are imported when they are called, so that none waits for what only others need."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the command of that name, from the module of that name; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"appliance.commands.{name}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command; what may happen to any of them ends it in one line: an interrupt, a full disk."""
        gc.set_threshold(GARBAGE_AFTER)
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if error.errno == errno.EPIPE:  # a reader that has seen enough: click ends quietly
                raise
            refuse(f"{error.filename or 'output'}: {error.strerror}")
        finally:
            gc.freeze()  # nobody looks for garbage in what ends with the process: it took the hub longer than its close

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Late, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="earwitness")
def main() -> None:
    """Say when a smart speaker sent voice that nobody had asked it to send."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Unicode gets "?" where a mark would be
