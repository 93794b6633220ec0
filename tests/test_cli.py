# SPDX-License-Identifier: GPL-2.0-or-later
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from appliance import __version__
from appliance.cli import COMMANDS, main
from tests.commands.running import earwitness


def test_help_lists_every_command() -> None:
    """The help names each command with what it does."""
    shown = " ".join(earwitness("--help").stdout.split())
    assert all(name in shown and what in shown for name, what in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_the_same_of_itself(name: str) -> None:
    """What the list says of a command is how its own help begins."""
    command = getattr(import_module(f"appliance.commands.{name}"), name)
    assert isinstance(command, click.Command)
    own = " ".join((command.help or "").split())
    assert own.startswith(COMMANDS[name].removesuffix("."))


def test_an_unknown_command_is_refused() -> None:
    """A command that is not there ends with status 2 and its name."""
    result = earwitness("listen")
    assert result.exit_code == 2
    assert "listen" in result.stderr


def test_the_version_is_the_package_s() -> None:
    """--version names the program and its version."""
    assert earwitness("--version").stdout.strip() == f"earwitness, version {__version__}"
    assert main.name == "main"


def test_help_waits_for_nothing() -> None:
    """Help imports neither numpy nor scapy nor what draws pictures."""
    code = "import sys; from appliance.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "scapy", "jinja2", "pydantic"} & set(done.stdout.split())


def test_the_installed_command_runs() -> None:
    """The script that the package installs is this command."""
    command = Path(sys.executable).with_name("earwitness")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert __version__ in done.stdout
