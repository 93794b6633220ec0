# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness demo``: the whole dashboard of a household's day that was made up, on this machine alone."""

import math
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from time import time

import click

from appliance.commands.captures import progress_bar
from appliance.commands.words import UNUSABLE, complain, refuse
from appliance.events import Service
from appliance.household import Household
from appliance.household.choices import Home
from appliance.limits import DEMO_REPLAY_S
from appliance.selftest.replay import replay, replay_of
from appliance.selftest.services import Process, SelftestError, Trial
from appliance.settings import Paths
from appliance.simulate.household import simulate
from appliance.simulate.scenario import demo_scenario
from web.accounts import Accounts, Role
from web.accounts.key import DemoKey
from web.pages.demo import OWNER

_HERE = "127.0.0.1"
_READY = """A simulated household's day: none of it ever happened. Open it in a browser on this machine:

    {link}

This link works once. Ctrl-C ends the demo, and takes away all that it wrote."""


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), help="Where the dashboard is served.  [default: a free one]")
def demo(port: int | None) -> None:
    """Show the whole dashboard of a simulated household's day, on this machine alone, until Ctrl-C.

    The day is made up, replayed to the services as processes of their own, and lies in a temporary folder that goes
    with them. Nothing of this household is read, written or disturbed; no rights are needed.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    port = _free(port)
    try:
        with tempfile.TemporaryDirectory(prefix="earwitness-demo-", ignore_cleanup_errors=True) as folder:
            _show(Path(folder), port)
    except SelftestError as error:
        complain(str(error))
        sys.exit(UNUSABLE)


def _show(folder: Path, port: int) -> None:
    web: dict[str, object] = {"address": _HERE, "port": port, "https": "off"}
    trial = Trial(folder / "house", capture=replay_of(folder / "played"), web=web, evidence={"free_mb": 0})
    _furnish(trial.paths)
    with progress_bar() as bar:

        def step(words: str) -> Callable[[float], None]:
            task = bar.add_task(words, total=1.0)
            return lambda share: bar.update(task, completed=share)

        simulate(demo_scenario(), folder / "played", step("making up a household's day"))
        with trial.running(Service.HUB) as hub:
            replay(trial, hub, demo_scenario(), step("watching and judging it"), DEMO_REPLAY_S)
            bar.stop()
            _wait(trial, hub, port)


def _furnish(paths: Paths) -> None:
    """Give the house its owner, by a password that nobody knows, and the hours in which the day is played."""
    paths.state.mkdir(mode=0o700)
    Accounts(paths.state).users.add(OWNER, Role.OWNER, token_urlsafe(), time())
    Household(paths.household).change(home=Home(zone="UTC"))


def _wait(trial: Trial, hub: Process, port: int) -> None:
    """Say where it is, and once more whenever somebody went in, until somebody ends it."""
    key = DemoKey(trial.paths.state)

    def link() -> str:
        return f"http://{_HERE}:{port}/demo?key={key.make()}"

    try:
        click.echo(_READY.format(link=link()))
        while True:
            trial.wait({Service.HUB: hub}, lambda: key.taken, math.inf, "the demo")
            click.echo(f"Somebody opened it. For another browser: {link()}")
    except KeyboardInterrupt:
        click.echo("The demo has ended.")


def _free(wanted: int | None) -> int:
    """Return a port that can be had: the one that is wanted, or any. Ends with what is wrong with it."""
    with socket(AF_INET, SOCK_STREAM) as plug:
        plug.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)  # whoever had it a moment ago does not keep it
        try:
            plug.bind((_HERE, wanted or 0))
        except OSError as error:
            refuse(f"port {wanted}: {error.strerror}. Without --port a free one is taken")
        return int(plug.getsockname()[1])
