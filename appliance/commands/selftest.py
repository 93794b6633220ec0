# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness selftest``: the installed services on a household that is not there."""

import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from appliance.selftest.apart import leave_the_network

if TYPE_CHECKING:  # whoever leaves the network does so before there are threads, and these imports start some
    from appliance.selftest.outcome import Outcome

_MISSING = 1  # exit status
_REMEDY = """Something is missing. Install Earwitness anew (./install.sh). If that does not help, tell us:
the table above, `earwitness --version`, and `uname -a` say most of what we need."""


@click.command()
def selftest() -> None:
    """Try whether the installed services give each verdict when a household that was made up calls for it.

    Capture and hub run as processes of their own, in a temporary folder and, where that is permitted, in an empty
    network: nothing of this household is read, written or disturbed. It takes less than a minute. Exit status 1 if
    anything is missing.
    """
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell has what it runs in the background ignore the first
        signal.signal(number, signal.default_int_handler)
    try:
        leave_the_network()
        apart = ""
    except OSError as error:
        apart = f"a network of its own is not permitted here ({error.strerror})"
    from appliance.selftest.services import SelftestError

    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="earwitness-selftest-") as folder:
        try:
            outcomes, wire = _run(Path(folder), apart)
        except SelftestError as error:
            click.echo(f"earwitness: {error}\n{_REMEDY}", err=True)
            sys.exit(_MISSING)
    right = show(outcomes, wire)
    click.echo(f"{time.monotonic() - begun:.0f} s. " + ("All is right." if right else _REMEDY))
    sys.exit(0 if right else _MISSING)


def _run(folder: Path, apart: str) -> "tuple[list[Outcome], Outcome | str]":
    """Play, replay, and send over a wire; return the outcomes, or why no wire was laid."""
    from appliance.commands.captures import progress_bar
    from appliance.selftest.house import EVENING
    from appliance.selftest.replay import replayed
    from appliance.selftest.wire import over_a_wire
    from appliance.simulate.household import simulate

    with progress_bar() as bar:

        def step(words: str) -> Callable[[float], None]:
            task = bar.add_task(words, total=1.0)
            return lambda share: bar.update(task, completed=share)

        simulate(EVENING, folder / "played", step("making up a household"))
        outcomes = replayed(folder / "replay", folder / "played", step("replaying it to the services"))
        if apart:
            return outcomes, apart
        try:
            return outcomes, over_a_wire(folder / "wire", folder / "played", step("sending an upload over a wire"))
        except OSError as error:
            return outcomes, f"no wire can be laid here ({error.strerror})"


def show(outcomes: "list[Outcome]", wire: "Outcome | str") -> bool:
    """Print what was due and what came; return whether all is right."""
    from rich.console import Console
    from rich.table import Table

    table = Table("verdict", "by way of", "expected", "got", "")
    rows = [*(("replay", one) for one in outcomes), *([] if isinstance(wire, str) else [("wire", wire)])]
    for way, one in rows:
        instead = ", ".join(f"{name} {count}" for name, count in one.instead.items())
        table.add_row(one.verdict, way, str(one.expected), str(one.got), "ok" if one.right else f"instead: {instead}")
    Console().print(table)
    if isinstance(wire, str):
        click.echo(f"Replay only, through the files of a capture and not the kernel's ring: {wire}. Try it as root.")
    return all(one.right for _, one in rows)
