# SPDX-License-Identifier: GPL-2.0-or-later
import json
from pathlib import Path

from tests.commands.running import earwitness


def settings(folder: Path, text: str) -> Path:
    path = folder / "earwitness.toml"
    path.write_text(f'{text}\n[paths]\nstate = "{folder}"\nrun = "{folder}"\n')
    return path


def test_settings_that_can_be_used(tmp_path: Path) -> None:
    """Before a service starts nothing is said of settings that are right, also of those that are left out."""
    for path in (settings(tmp_path, ""), tmp_path / "nothing.toml"):
        result = earwitness("doctor", "--check", "--settings", path)
        assert (result.exit_code, result.output) == (0, "")


def test_settings_that_cannot(tmp_path: Path) -> None:
    """A service does not start by settings that are wrong: each error has its file and line."""
    path = settings(tmp_path, '[capture]\nplacement = "roof"\n\n[ledger]\nkeep_days = 1')
    for options in (["--check"], []):
        result = earwitness("doctor", *options, "--settings", path)
        assert result.exit_code == 2
        first, second = result.stderr.splitlines()
        assert first.startswith(f"earwitness: {path}:2: capture.placement: ")
        assert second.startswith(f"earwitness: {path}:5: ledger.keep_days: ")


def test_a_replay_needs_no_network(tmp_path: Path) -> None:
    """Where a capture is replayed the machine is looked at, and the status says the worst that was found."""
    replay = settings(tmp_path, f'[capture]\nplacement = "replay"\nfile = "{tmp_path}/day.pcap"')
    result = earwitness("doctor", "--json", "--settings", replay)
    found = json.loads(result.stdout)
    assert result.exit_code == ["ok", "warning", "problem"].index(found["level"])
    assert {each["topic"] for each in found["findings"]} >= {"placement", "clock", "folder", "services"}
    plain = earwitness("doctor", "--settings", replay)
    assert plain.stdout.splitlines()[0].startswith("ok       placement: The settings replay ")
