# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness rules``: look after the rules that recognise speakers, hosts and uploads."""

import sys
from pathlib import Path

import click

from appliance.commands.captures import rules_of, rules_option
from appliance.commands.words import UNUSABLE
from appliance.judge.examples import check as check_stories
from appliance.rules import check as check_matches
from appliance.rules.file import schema as schema_of_files
from appliance.uploads.examples import check as check_detectors


@click.group()
def rules() -> None:
    """Look after the rules that recognise speakers, hosts and uploads."""


@rules.command()
@rules_option
def check(overrides: Path | None) -> None:
    """Run every rule's own examples."""
    given = rules_of(overrides)
    problems = [*check_matches(given), *check_detectors(given.uploads), *check_stories(given)]
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        sys.exit(UNUSABLE)
    click.echo(f"every example of the rules holds (version {given.version})")


@rules.command()
def schema() -> None:
    """Print the JSON schema of rule files, for editors."""
    click.echo(schema_of_files(), nl=False)
