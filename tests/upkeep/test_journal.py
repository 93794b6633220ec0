# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.limits import JOURNAL_LINES
from appliance.upkeep.journal import journal_tail


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in the place of the system's."""
    path = folder / "journalctl"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_lines_of_our_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of what our units wrote, whatever bytes are in it; asked for by a fixed command."""
    program(tmp_path, 'printf "%s\\ncaf\\351\\n" "$*"', monkeypatch)
    found = journal_tail()
    assert found.lines == (f"-u earwitness-* -n {JOURNAL_LINES} -o short-iso --no-pager -q", "caf\ufffd")
    assert found.problem == ""


@pytest.mark.parametrize(("script", "why"), [("exit 1", "cannot be read"), ("exit 0", "may read")])
def test_why_there_are_none(script: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not read the journal is told so, and how to read it by hand."""
    program(tmp_path, script, monkeypatch)
    found = journal_tail()
    assert found.lines == ()
    assert why in found.problem
    assert found.by_hand.startswith("sudo journalctl -u 'earwitness-*'")


def test_a_system_without_a_journal() -> None:
    """Where no systemd is there is nothing to show."""
    assert journal_tail("no-such-program").problem == "this system has no journal"
