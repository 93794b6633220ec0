# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from tests.commands.running import earwitness, lines


def test_analyze_shows_people_a_table(played: Path) -> None:
    """A capture with its sounds ends in a table with a verdict in words, and says that it was simulated."""
    result = earwitness("analyze", played / "capture.pcapng", "--sounds", played / "sounds.jsonl")
    assert result.exit_code == 0
    assert "after its name" in result.stdout
    assert "simulated" in result.stdout


def test_lines_for_programs_stand_alone_on_standard_output(pcap: Path) -> None:
    """With --jsonl - standard output is JSON lines and nothing else, the summary last."""
    result = earwitness("analyze", pcap, "--jsonl", "-")
    rows = lines(result.stdout)
    assert {"upload", "verdict", "device", "summary"} <= {row["type"] for row in rows}
    assert rows[-1]["type"] == "summary"
    assert {row["verdict"] for row in rows if row["type"] == "verdict"} == {"unheard"}


def test_pictures_and_pages_are_written(pcap: Path, tmp_path: Path) -> None:
    """Page, picture and bitmap are written where they were asked for."""
    html, svg, png = tmp_path / "day.html", tmp_path / "day.svg", tmp_path / "day.png"
    assert earwitness("analyze", pcap, "--html", html, "--svg", svg, "--png", png).exit_code == 0
    assert html.read_text().startswith("<!doctype html>")
    assert "<svg" in svg.read_text()
    assert png.read_bytes().startswith(b"\x89PNG")


def test_bad_sounds_are_named_with_their_line(pcap: Path, tmp_path: Path) -> None:
    """A sounds file with an error is refused with the line and what is wrong."""
    sounds = tmp_path / "sounds.jsonl"
    sounds.write_text('{"type":"ear","ear":"mic"}\n{"type":"wake","ear":"mic"}\n')
    result = earwitness("analyze", pcap, "--sounds", sounds)
    assert result.exit_code == 2
    assert f"{sounds}:2" in result.stderr
