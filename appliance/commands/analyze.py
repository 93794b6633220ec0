# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness analyze``: from packet captures to verdicts."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from appliance.analysis import Heard, hear
from appliance.commands.audio import both, hear_recordings, moments, recording
from appliance.commands.captures import (
    analysed,
    captures_argument,
    device_option,
    existing,
    jsonl_option,
    rules_of,
    rules_option,
    writable,
)
from appliance.commands.words import STDIO, refuse, write
from appliance.judge import SoundsError
from appliance.report.model import together
from appliance.report.terminal import table


@click.command()
@captures_argument
@click.option("--sounds", type=existing, help="What ears heard, as JSON lines (docs/sounds.md).")
@click.option("--audio", multiple=True, type=recording, help="A recording of a room, a WAV file; may be repeated.")
@click.option("--audio-start", multiple=True, metavar="TIME", callback=moments, help="When each of them began.")
@jsonl_option
@click.option("--html", type=writable, help="The day as a page.")
@click.option("--svg", type=writable, help="The day's lanes as a picture.")
@click.option("--png", type=writable, help="The day's lanes as a bitmap.")
@device_option
@rules_option
def analyze(  # noqa: PLR0913, PLR0917 - one argument an option
    captures: Sequence[Path],
    sounds: Path | None,
    audio: Sequence[Path],
    audio_start: Sequence[float],
    jsonl: Path | None,
    html: Path | None,
    svg: Path | None,
    png: Path | None,
    device: str | None,
    overrides: Path | None,
) -> None:
    """Find voice uploads in packet captures and judge each by what ears heard.

    FILE is a pcap or pcapng file, gzip'd or not, a folder of them, or - for standard input.
    """
    rules, heard = rules_of(overrides), _heard(sounds)
    if audio or audio_start:
        heard = both(heard, hear_recordings(audio, audio_start, overrides))
    reports, status = analysed(rules, captures, heard, device)
    report = together(reports)
    if html:
        from appliance.report.webpage import page

        write(html, page(report).encode())
    if svg:
        from appliance.report.standalone import picture

        write(svg, picture(report).encode())
    if png:
        from appliance.report.bitmap import png as bitmap

        write(png, bitmap(report))
    if jsonl:
        from appliance.report.jsonl import json_lines

        write(jsonl, "".join(f"{line}\n" for line in json_lines(*reports)).encode())
    if STDIO not in {jsonl, html, svg, png}:
        Console().print(table(report))
    sys.exit(status)


def _heard(sounds: Path | None) -> Heard | None:
    if sounds is None:
        return None
    try:
        return hear(sounds)
    except (SoundsError, OSError) as error:
        refuse(str(error))
