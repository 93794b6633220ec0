# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from tests.commands.running import earwitness, lines


def test_speakers_lists_devices_and_why(pcap: Path) -> None:
    """Devices are listed with what they were recognised by, for people and for programs."""
    shown, rows = earwitness("speakers", pcap), lines(earwitness("speakers", pcap, "--jsonl", "-").stdout)
    assert "amazon-echo" in shown.stdout
    assert {row["type"] for row in rows} == {"device", "summary"}
    assert all(row["by"] and row["confidence"] > 0.5 for row in rows if row.get("speaker"))
