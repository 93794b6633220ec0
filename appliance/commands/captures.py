# SPDX-License-Identifier: GPL-2.0-or-later
"""What ``analyze`` and ``speakers`` have in common: options, rules, and reading all captures with a progress bar."""

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from appliance.analysis import Analysis, Heard
from appliance.capture import CaptureError
from appliance.commands.words import DAMAGED, STDIO, UNUSABLE, complain, refuse
from appliance.limits import CAPTURE_SUFFIXES
from appliance.report.model import Captured, Report
from appliance.report.unseen import unread
from appliance.rules import OVERRIDES, RuleError, Rules, load_rules


class Target(click.Path):
    """A file to write; whether its folder is there is asked before hours of analysis, not after."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path. Errors: BadParameter, if it cannot be written to."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path != STDIO and not os.access(path if path.exists() else path.parent, os.W_OK):
            reason = "may not be written to" if path.parent.is_dir() else "is in a folder that does not exist"
            self.fail(f"{str(path)!r} {reason}.", param, ctx)
        return path


def _device(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return a device's MAC address in lower case with colons, however it is written, or its IP address.

    Errors: BadParameter, if it is neither.
    """
    if not value:
        return None
    mac = value.lower().replace("-", ":")
    if re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", mac):
        return mac
    try:
        return str(ip_address(value))
    except ValueError:
        raise click.BadParameter(f"{value!r} is no address like aa:bb:cc:dd:ee:ff.") from None


existing = click.Path(exists=True, allow_dash=True, path_type=Path)
writable = Target(dir_okay=False, allow_dash=True)
captures_argument = click.argument("captures", metavar="FILE...", nargs=-1, required=True, type=existing)
rules_option = click.option(
    "--rules",
    "overrides",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help=f"Folder of rules that replace or add to the packaged ones.  [default: {OVERRIDES}]",
)
device_option = click.option("--device", metavar="MAC", callback=_device, help="Only this device.")
jsonl_option = click.option("--jsonl", type=writable, help="JSON lines for programs; - is standard output.")


def rules_of(overrides: Path | None) -> Rules:
    """Load the rules, or end with everything that is wrong with them."""
    try:
        return load_rules(overrides or OVERRIDES)
    except RuleError as error:
        refuse(*map(str, error.problems))


def analysed(rules: Rules, given: Sequence[Path], heard: Heard | None, device: str | None) -> tuple[list[Report], int]:
    """Analyse all files that can be, say what is wrong with the others, and return the reports with the exit status."""
    analysis, status, files = Analysis(rules, heard), 0, list(_files(given))
    with progress_bar() as progress:
        for at, path in enumerate(files, 1):
            try:
                captured = _read(analysis, path, progress, f"{at}/{len(files)}")
            except CaptureError as error:
                status = UNUSABLE
                complain(f"{_printable(path)}: {error}")
            else:
                status = status or _trouble(captured)
    reports = analysis.reports()
    if not reports:
        sys.exit(status or UNUSABLE)
    if device and not any(device == known.device for report in reports for known in report.devices):
        complain(f"nothing is known of {device} in what was read.")
    return [report.only(device) if device else report for report in reports], status


def progress_bar() -> Progress:
    """Return a progress bar on standard error, silent where nobody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _read(analysis: Analysis, path: Path, progress: Progress, which: str) -> Captured:
    """Read one capture behind a bar that goes when it is done: thousands of bars would cost more than the analysis."""
    name = _printable(path)
    task = progress.add_task(escape(f"{which} {Path(name).name}"), total=None)
    source = io.FileIO(sys.stdin.fileno(), closefd=False) if path == STDIO else path

    def advance(position: int, size: int | None) -> None:
        progress.update(task, completed=position, total=size)

    try:
        return analysis.read(source, name, advance)
    finally:
        progress.remove_task(task)


def _printable(path: Path) -> str:
    """Return the path as text that can be written anywhere, whatever bytes its name is made of."""
    return os.fsencode(path).decode(errors="replace")


def _files(given: Iterable[Path]) -> Iterator[Path]:
    for path in given:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(
            each for each in path.rglob("*") if each.name.lower().endswith(CAPTURE_SUFFIXES) and each.is_file()
        )
        if not inside:
            complain(f"{path}: no file in it ends in {', '.join(CAPTURE_SUFFIXES)}")
        yield from inside


def _trouble(captured: Captured) -> int:
    """Say what of a capture could not be analysed, and return the exit status for it."""
    for sentence in unread(captured):
        complain(sentence)
    if captured.damage is not None:
        where = f"{captured.path}: damaged from byte {captured.damaged_at} on"
        complain(f"{where} ({captured.damage}); what was before it is analysed.")
        return DAMAGED
    return UNUSABLE if captured.packets and sum(captured.unread.values()) == captured.packets else 0
