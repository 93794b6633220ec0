# SPDX-License-Identifier: GPL-2.0-or-later
import json
from io import StringIO

from rich.console import Console

from appliance.health.doctor.remark import Level, Remark, worst
from appliance.health.doctor.show import as_json, plain, summary, table

FINE = Remark(Level.OK, "disk", "There is room.")
BAD = Remark(Level.PROBLEM, "sight", "Nothing [bold]comes[/bold].", "It is beside.", "Move it.")
ODD = Remark(Level.WARNING, "clock", "Nobody keeps it.")


def test_for_people() -> None:
    """Each remark is there with its remedy, and names are printed as they are."""
    out = StringIO()
    Console(file=out, width=60).print(table([FINE, BAD]))
    assert "✓ disk  There is room." in out.getvalue()
    assert "✗ sight Nothing [bold]comes[/bold]. It is beside." in out.getvalue()
    assert "→ Move it." in out.getvalue()


def test_for_a_pipe() -> None:
    """One line for each, its level first."""
    assert plain(FINE) == "ok       disk: There is room."
    assert plain(BAD) == "problem  sight: Nothing [bold]comes[/bold]. It is beside. -> Move it."


def test_for_programs() -> None:
    """One object with the worst level and all findings."""
    said = json.loads(as_json([FINE, BAD, ODD]))
    assert said["level"] == "problem"
    assert [each["level"] for each in said["findings"]] == ["ok", "problem", "warning"]
    assert said["findings"][1]["remedy"] == "Move it."


def test_the_whole_in_a_sentence() -> None:
    """How many problems and warnings there are; the worst of nothing is fine."""
    assert summary([FINE]) == "All is well."
    assert summary([FINE, BAD, ODD, ODD]) == "1 problem, 2 warnings."
    assert (worst([]), worst([FINE, ODD]), worst([BAD, ODD])) == (Level.OK, Level.WARNING, Level.PROBLEM)
