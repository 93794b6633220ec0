# SPDX-License-Identifier: GPL-2.0-or-later
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "appliance.evidence.wire"]
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


@needs_tshark
def test_each_packet_is_a_line(lived: Path) -> None:
    """Of an evidence capture every packet is told: who to whom, how large, and the TLS records that are in it."""
    capture = next((lived / "state/evidence").glob("*.pcapng"))
    done = subprocess.run([*PROGRAM, str(capture)], capture_output=True, text=True, check=True, timeout=120)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows
    assert all(row["bytes"] > 0 and row["from"] and row["to"] for row in rows)
    assert any("data" in row["what"] for row in rows)
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)


@needs_tshark
def test_what_is_no_capture_tells_of_nobody(tmp_path: Path) -> None:
    """Any bytes end the program, and no packet of anybody is made of them."""
    nonsense = tmp_path / "nonsense.pcapng"
    nonsense.write_bytes(b"\x0a\x0d\x0d\x0a" + bytes(200))
    done = subprocess.run([*PROGRAM, str(nonsense)], capture_output=True, text=True, check=False, timeout=120)
    assert all(json.loads(line)["from"] == "" for line in done.stdout.splitlines())
