# SPDX-License-Identifier: GPL-2.0-or-later
import subprocess
import sys
from pathlib import Path

from tests.commands.running import earwitness


def test_an_unwritable_target_is_told(pcap: Path, tmp_path: Path) -> None:
    """A file that cannot be written ends with status 2 and its name."""
    result = earwitness("analyze", pcap, "--jsonl", tmp_path / "missing" / "out.jsonl")
    assert result.exit_code == 2
    assert "missing" in result.stderr


def test_a_reader_that_has_seen_enough_is_no_error(pcap: Path) -> None:
    """Piped into a program that stops reading, the command ends quietly."""
    command = f"{Path(sys.executable).with_name('earwitness')} analyze {pcap} --jsonl - | head -c 10"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert done.stdout.startswith('{"type"')
    assert not done.stderr
    assert done.returncode == 0
