# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness speakers``: which devices there are in packet captures, and what each was recognised by."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from appliance.commands.captures import (
    analysed,
    captures_argument,
    device_option,
    jsonl_option,
    rules_of,
    rules_option,
)
from appliance.commands.words import STDIO, write
from appliance.report.jsonl import json_lines
from appliance.report.model import together
from appliance.report.terminal import speakers_table


@click.command()
@captures_argument
@jsonl_option
@device_option
@rules_option
def speakers(captures: Sequence[Path], jsonl: Path | None, device: str | None, overrides: Path | None) -> None:
    """List the devices in packet captures: what each was recognised by, and how sure."""
    reports, status = analysed(rules_of(overrides), captures, None, device)
    devices = [replace(report, uploads=(), verdicts=(), losses=()) for report in reports]
    if jsonl:
        write(jsonl, "".join(f"{line}\n" for line in json_lines(*devices)).encode())
    if jsonl != STDIO:
        Console().print(speakers_table(together(devices)))
    sys.exit(status)
