# SPDX-License-Identifier: GPL-2.0-or-later
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import click
import pytest

from appliance import __version__
from appliance.cli import COMMANDS, main
from appliance.commands.words import INTERRUPTED, UNUSABLE
from tests.commands.running import earwitness

COMMAND = Path(sys.executable).with_name("earwitness")


def test_help_lists_every_command() -> None:
    """The help names each command with what it does."""
    shown = " ".join(earwitness("--help").stdout.split())
    assert all(name in shown and what in shown for name, what in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_the_same_of_itself(name: str) -> None:
    """What the list says of a command is how its own help begins."""
    module = name.replace("-", "_")
    command = getattr(import_module(f"appliance.commands.{module}"), module)
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
    done = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert __version__ in done.stdout


@contextmanager
def opened_by(running: subprocess.Popen[str], pipe: Path) -> Iterator[None]:
    """Hold a pipe's other end, once a program that runs has opened it."""
    end = -1
    while end < 0:
        assert running.poll() is None, running.communicate()
        with suppress(OSError):
            end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    yield
    os.close(end)


def test_an_interrupt_ends_quietly(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a capture ends with the shell's status for it, without a traceback."""
    pipe = tmp_path / "endless.pcap"
    os.mkfifo(pipe)
    running = subprocess.Popen([COMMAND, "analyze", pipe], stdout=-1, stderr=subprocess.STDOUT, text=True)
    with running, opened_by(running, pipe):
        running.send_signal(signal.SIGINT)
        told, _ = running.communicate(timeout=60)
    assert (running.returncode, told.strip()) == (INTERRUPTED, "")


def test_a_full_disk_is_told() -> None:
    """Standard output that cannot be written to ends with one line and status 2."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([COMMAND, "rules", "schema"], stdout=full, stderr=-1, text=True, check=False)
    assert (done.returncode, done.stderr) == (UNUSABLE, "earwitness: output: No space left on device\n")


def test_a_terminal_without_unicode_is_served(played: Path) -> None:
    """Where only ASCII can be shown the report is, with question marks for what cannot."""
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [COMMAND, "analyze", played / "capture.pcapng"], env=ascii_only, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout
    assert done.stdout.isascii()
