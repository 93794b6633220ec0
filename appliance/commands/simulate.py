# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness simulate``: a household's traffic, sounds and truth that were made up."""

from collections.abc import Sequence
from pathlib import Path

import click

from appliance.commands.captures import progress_bar
from appliance.commands.words import refuse
from appliance.simulate.household import simulate as play
from appliance.simulate.models import MODELS
from appliance.simulate.scenario import BEHAVIOURS, HOUSEHOLD, Place, Scenario, demo_scenario


@click.command()
@click.option("--days", type=click.FloatRange(0, 3660, min_open=True), default=1.0, show_default=True)
@click.option("--speakers", "models", default="", help=f"Comma-separated: {', '.join(MODELS)}.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to.")
@click.option("--without", multiple=True, type=click.Choice(sorted(BEHAVIOURS)), help="Leave a behaviour out.")
@click.option("--snap", type=click.IntRange(0), default=0, help="Cut frames to so many bytes; 0 keeps them whole.")
@click.option("--demo", is_flag=True, help="The day of ./install.sh --demo, in which everything happens.")
def simulate(  # noqa: PLR0913, PLR0917 - one argument an option
    days: float, models: str, seed: int, out: Path, without: Sequence[str], snap: int, *, demo: bool
) -> None:
    """Write a household's traffic, sounds and truth that were made up, for trying and testing."""
    try:
        scenario = demo_scenario() if demo else Scenario(days=days, seed=seed, snap=snap, speakers=_places(models))
        scenario = scenario.without(*without)
        with progress_bar() as progress:
            task = progress.add_task("playing", total=1.0)
            play(scenario, out, lambda share: progress.update(task, completed=share))
    except ValueError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{error.filename or out}: {error.strerror}")
    click.echo(f"capture, sounds and truth are in {out}")


def _places(models: str) -> tuple[Place, ...]:
    """Return a place for each of the named models, the packaged household for none."""
    names = [model.strip() for model in models.split(",") if model.strip()]
    return tuple(Place(model, f"room-{at}", f"{model} {at}") for at, model in enumerate(names, 1)) or HOUSEHOLD
