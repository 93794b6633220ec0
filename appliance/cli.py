# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands of ``earwitness``: thin, each hands its arguments to the room that does the work.

Exit status: 0 done; 2 something given cannot be used (arguments, rules, sounds, a file that is no capture); 3 a capture
is damaged and was analysed up to the damage.
"""

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from appliance import __version__
from appliance.analysis import Analysis, Heard, hear
from appliance.capture import CaptureError
from appliance.judge import SoundsError
from appliance.judge.examples import check as check_stories
from appliance.limits import CAPTURE_SUFFIXES
from appliance.report import json_lines, page, picture, png, speakers_table, table
from appliance.report.model import Captured, Report, together
from appliance.report.unseen import unread
from appliance.rules import OVERRIDES, RuleError, Rules, check, load_rules
from appliance.rules.file import schema
from appliance.simulate.household import simulate
from appliance.simulate.models import MODELS
from appliance.simulate.scenario import BEHAVIOURS, HOUSEHOLD, Place, Scenario, demo_scenario
from appliance.uploads.examples import check as check_detectors

UNUSABLE, DAMAGED = 2, 3
STDIO = Path("-")

existing = click.Path(exists=True, allow_dash=True, path_type=Path)
writable = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
captures_argument = click.argument("captures", metavar="FILE...", nargs=-1, required=True, type=existing)
rules_option = click.option(
    "--rules",
    "overrides",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help=f"Folder of rules that replace or add to the packaged ones.  [default: {OVERRIDES}]",
)
device_option = click.option("--device", metavar="MAC", help="Only this device.")
jsonl_option = click.option("--jsonl", type=writable, help="JSON lines for programs; - is standard output.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="earwitness")
def main() -> None:
    """Say when a smart speaker sent voice that nobody had asked it to send."""


@main.command()
@captures_argument
@click.option("--sounds", type=existing, help="What ears heard, as JSON lines (docs/sounds.md).")
@jsonl_option
@click.option("--html", type=writable, help="The day as a page.")
@click.option("--svg", type=writable, help="The day's lanes as a picture.")
@click.option("--png", "png_", type=writable, help="The day's lanes as a bitmap.")
@device_option
@rules_option
def analyze(  # noqa: PLR0913, PLR0917 - one argument an option
    captures: Sequence[Path],
    sounds: Path | None,
    jsonl: Path | None,
    html: Path | None,
    svg: Path | None,
    png_: Path | None,
    device: str | None,
    overrides: Path | None,
) -> None:
    """Find voice uploads in packet captures and judge each by what ears heard.

    FILE is a pcap or pcapng file, gzip'd or not, a folder of them, or - for standard input.
    """
    reports, status = _analysed(_rules(overrides), captures, _heard(sounds), device)
    report = together(reports)
    if html:
        _write(html, page(report).encode())
    if svg:
        _write(svg, picture(report).encode())
    if png_:
        _write(png_, png(report))
    _show(table(report), jsonl, reports)
    sys.exit(status)


@main.command()
@captures_argument
@jsonl_option
@device_option
@rules_option
def speakers(captures: Sequence[Path], jsonl: Path | None, device: str | None, overrides: Path | None) -> None:
    """List the devices in packet captures: what each was recognised by, and how sure."""
    reports, status = _analysed(_rules(overrides), captures, None, device)
    devices = [replace(report, uploads=(), verdicts=(), losses=()) for report in reports]
    _show(speakers_table(together(devices)), jsonl, devices)
    sys.exit(status)


@main.command(name="simulate")
@click.option("--days", type=click.FloatRange(0, 3660, min_open=True), default=1.0, show_default=True)
@click.option("--speakers", "models", default="", help=f"Comma-separated: {', '.join(MODELS)}.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to.")
@click.option("--without", multiple=True, type=click.Choice(sorted(BEHAVIOURS)), help="Leave a behaviour out.")
@click.option("--snap", type=click.IntRange(0), default=0, help="Cut frames to so many bytes; 0 keeps them whole.")
@click.option("--demo", is_flag=True, help="One day in which everything happens a few times.")
def simulate_(  # noqa: PLR0913, PLR0917 - one argument an option
    days: float, models: str, seed: int, out: Path, without: Sequence[str], snap: int, *, demo: bool
) -> None:
    """Write a household's traffic, sounds and truth that were made up, for trying and testing."""
    try:
        scenario = demo_scenario() if demo else Scenario(days=days, seed=seed, snap=snap, speakers=_places(models))
        scenario = scenario.without(*without)
    except ValueError as error:
        _refuse(str(error))
    with _progress() as progress:
        task = progress.add_task("playing", total=1.0)
        simulate(scenario, out, lambda share: progress.update(task, completed=share))
    click.echo(f"capture, sounds and truth are in {out}")


@main.group(name="rules")
def rules_() -> None:
    """Look after the rules that recognise speakers, hosts and uploads."""


@rules_.command(name="check")
@rules_option
def rules_check(overrides: Path | None) -> None:
    """Run every rule's own examples."""
    rules = _rules(overrides)
    problems = [*check(rules), *check_detectors(rules.uploads), *check_stories(rules)]
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        sys.exit(UNUSABLE)
    click.echo(f"every example of the rules holds (version {rules.version})")


@rules_.command(name="schema")
def rules_schema() -> None:
    """Print the JSON schema of rule files, for editors."""
    click.echo(schema(), nl=False)


def _places(models: str) -> tuple[Place, ...]:
    """Return a place for each of the named models, the packaged household for none."""
    names = [model.strip() for model in models.split(",") if model.strip()]
    return tuple(Place(model, f"room-{at}", f"{model} {at}") for at, model in enumerate(names, 1)) or HOUSEHOLD


def _rules(overrides: Path | None) -> Rules:
    try:
        return load_rules(overrides or OVERRIDES)
    except RuleError as error:
        _refuse(*map(str, error.problems))


def _heard(sounds: Path | None) -> Heard | None:
    if sounds is None:
        return None
    try:
        return hear(sounds)
    except (SoundsError, OSError) as error:
        _refuse(str(error))


def _analysed(rules: Rules, given: Sequence[Path], heard: Heard | None, device: str | None) -> tuple[list[Report], int]:
    """Analyse all files that can be, say what is wrong with the others, and return the reports with the exit status."""
    analysis, status = Analysis(rules, heard), 0
    with _progress() as progress:
        for path in _files(given):
            try:
                captured = _read(analysis, path, progress)
            except CaptureError as error:
                status = UNUSABLE
                _complain(f"{path}: {error}")
            else:
                status = status or _trouble(captured)
    reports = analysis.reports()
    if not reports:
        sys.exit(status or UNUSABLE)
    return [report.only(device.lower()) if device else report for report in reports], status


def _read(analysis: Analysis, path: Path, progress: Progress) -> Captured:
    task = progress.add_task(escape(path.name), total=None)
    source = io.FileIO(sys.stdin.fileno(), closefd=False) if path == STDIO else path

    def advance(position: int, size: int | None) -> None:
        progress.update(task, completed=position, total=size)

    return analysis.read(source, str(path), advance)


def _files(given: Iterable[Path]) -> Iterator[Path]:
    for path in given:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(each for each in path.rglob("*") if each.name.lower().endswith(CAPTURE_SUFFIXES))
        if not inside:
            _complain(f"{path}: no file in it ends in {', '.join(CAPTURE_SUFFIXES)}")
        yield from inside


def _trouble(captured: Captured) -> int:
    """Say what of a capture could not be analysed, and return the exit status for it."""
    for sentence in unread(captured):
        _complain(sentence)
    if captured.damage is not None:
        where = f"{captured.path}: damaged from byte {captured.damaged_at} on"
        _complain(f"{where} ({captured.damage}); what was before it is analysed.")
        return DAMAGED
    return UNUSABLE if captured.packets and sum(captured.unread.values()) == captured.packets else 0


def _show(renderable: RenderableType, jsonl: Path | None, reports: Sequence[Report]) -> None:
    """Write the lines for programs, if they were asked for, and print for people, unless the lines go there."""
    if jsonl:
        _write(jsonl, "".join(f"{line}\n" for line in json_lines(*reports)).encode())
    if jsonl != STDIO:
        Console().print(renderable)


def _write(path: Path, content: bytes) -> None:
    """Write to a file, or to standard output for ``-``."""
    try:
        if path == STDIO:
            sys.stdout.buffer.write(content)
        else:
            path.write_bytes(content)
    except OSError as error:
        _refuse(f"{path}: {error.strerror}")


def _progress() -> Progress:
    """A progress bar on standard error, which is silent where nobody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _complain(sentence: str) -> None:
    click.echo(f"earwitness: {sentence}", err=True)


def _refuse(*sentences: str) -> NoReturn:
    for sentence in sentences:
        _complain(sentence)
    sys.exit(UNUSABLE)
