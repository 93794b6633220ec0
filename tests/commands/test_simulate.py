# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from tests.commands.running import earwitness


def test_simulate_writes_what_analyze_reads(tmp_path: Path) -> None:
    """A played household can be analysed; a behaviour can be left out; a model that is not there is refused."""
    played = earwitness(
        "simulate",
        "--days",
        "0.02",
        "--speakers",
        "echo,homepod",
        "--seed",
        "3",
        "--without",
        "others",
        "--out",
        tmp_path,
    )
    assert played.exit_code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"capture.pcapng", "sounds.jsonl", "truth.jsonl"}
    assert earwitness("analyze", tmp_path, "--sounds", tmp_path / "sounds.jsonl").exit_code == 0
    refused = earwitness("simulate", "--speakers", "toaster", "--out", tmp_path)
    assert refused.exit_code == 2
    assert "toaster" in refused.stderr
