# SPDX-License-Identifier: GPL-2.0-or-later
import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from appliance.commands.selftest import show
from appliance.rules import load_rules
from appliance.selftest.outcome import Outcome
from tests.commands.test_services import EARWITNESS

PATIENCE_S = 120


def start(folder: Path) -> subprocess.Popen[str]:
    """Start it with a folder for what is temporary, so that one sees whether anything is left."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    return subprocess.Popen(
        [EARWITNESS, "selftest"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def test_an_installation_that_is_whole_passes(tmp_path: Path) -> None:
    """Each verdict is in the table and right, the way is told, and nothing is left behind."""
    said, complaints = start(tmp_path).communicate(timeout=PATIENCE_S)
    assert complaints == ""
    rows = {line.split()[1]: line for line in said.splitlines() if " replay " in line}
    assert rows.keys() == set(load_rules(None).verdicts.tell)
    assert all(" ok " in row for row in rows.values()), said
    assert " wire " in said or "Replay only" in said
    assert said.endswith("All is right.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_interrupts_it_finds_nothing_left(tmp_path: Path, number: signal.Signals) -> None:
    """Its services and its folder end with it."""
    process = start(tmp_path)
    end = time.monotonic() + PATIENCE_S
    while not (logs := list(tmp_path.glob("*/replay/hub.log"))):
        assert time.monotonic() < end
    process.send_signal(number)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []
    assert not running(logs[0].parent)


def running(folder: Path) -> list[str]:
    """Return the commands of processes that work with a folder."""
    commands = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return [command for command in commands if str(folder) in command]


@pytest.mark.parametrize(("got", "mark"), [(1, "ok"), (0, "instead: nothing 1")])
def test_the_table_says_what_came_and_by_which_way(capsys: pytest.CaptureFixture[str], got: int, mark: str) -> None:
    """One verdict that is missing makes it fail; a wire that cannot be laid does not, but is told."""
    outcome = Outcome("called", 1, got, Counter({"nothing": 1 - got}))
    assert show([outcome], "not permitted") == bool(got)
    said = capsys.readouterr().out
    assert mark in said
    assert "Replay only" in said
    assert "not permitted" in said
