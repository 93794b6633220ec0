# SPDX-License-Identifier: GPL-2.0-or-later
"""The systemd units: what systemd itself says of them, and what each service may do."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

UNITS = sorted((ROOT / "systemd").glob("*.service"))
INSTALLED = "/opt/earwitness/venv/bin/earwitness"
#: The worst exposure that systemd-analyze may give, of 0 to 10. Version 252 gives 1.5, 1.1 and 1.8; each counts
#: differently.
EXPOSED = {"earwitness-capture.service": 1.8, "earwitness-ears.service": 1.4, "earwitness-hub.service": 2.0}


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze; skip where it is not."""
    if not (program := shutil.which("systemd-analyze")):
        pytest.skip("systemd-analyze is not here: it is part of the Debian package systemd")
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_each_line(unit: Path, tmp_path: Path) -> None:
    """Nothing is to complain of in a unit whose program is there."""
    there = tmp_path / unit.name
    there.write_text(unit.read_text(encoding="utf-8").replace(INSTALLED, "/bin/true"), encoding="utf-8")
    checked = analyze("verify", there)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_has_the_least_rights(unit: Path) -> None:
    """Its exposure is hardly greater than it was measured to be."""
    said = analyze("security", "--offline=yes", "--no-pager", unit).stdout
    found = re.search(r"Overall exposure level for .*: ([\d.]+) ", said)
    assert found, said
    assert float(found[1]) <= EXPOSED[unit.name]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_what_a_unit_starts(unit: Path) -> None:
    """It checks the settings first, starts the command of its name, tells systemd how it is, and meets the others."""
    lines = unit.read_text(encoding="utf-8").splitlines()
    command = unit.stem.removeprefix("earwitness-")
    assert {
        f"ExecStartPre={INSTALLED} doctor --check",
        f"ExecStart={INSTALLED} {command}",
        "Type=notify",
        "User=earwitness",
        "StateDirectory=earwitness",
        "RuntimeDirectory=earwitness",
        "RuntimeDirectoryPreserve=yes",
    } <= set(lines)


def test_only_the_capture_may_look_at_frames() -> None:
    """One capability for frames, one for low ports, and no other in the whole house."""
    capable = [(unit.stem, line) for unit in UNITS for line in unit.read_text().splitlines() if "Capabilit" in line]
    assert capable == [
        ("earwitness-capture", "CapabilityBoundingSet=CAP_NET_RAW"),
        ("earwitness-capture", "AmbientCapabilities=CAP_NET_RAW"),
        ("earwitness-ears", "CapabilityBoundingSet="),
        ("earwitness-hub", "CapabilityBoundingSet=CAP_NET_BIND_SERVICE"),
        ("earwitness-hub", "AmbientCapabilities=CAP_NET_BIND_SERVICE"),
    ]


def test_a_satellite_may_speak_to_its_home_alone(tmp_path: Path) -> None:
    """With the drop-in the ears have a network of private addresses, and nothing else changes."""
    unit, folder = tmp_path / "earwitness-ears.service", tmp_path / "earwitness-ears.service.d"
    folder.mkdir()
    whole = (ROOT / "systemd" / unit.name).read_text(encoding="utf-8").replace(INSTALLED, "/bin/true")
    unit.write_text(whole, encoding="utf-8")
    added = (ROOT / "systemd" / "earwitness-ears-satellite.conf").read_text(encoding="utf-8")
    (folder / "satellite.conf").write_text(added, encoding="utf-8")
    checked = analyze("verify", unit)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    found = re.search(
        r"exposure level for .*: ([\d.]+) ", analyze("security", "--offline=yes", "--no-pager", unit).stdout
    )
    assert found
    assert float(found[1]) <= 2.2
    lines = [line.partition("=")[0] for line in added.splitlines() if "=" in line and not line.startswith("#")]
    assert lines == ["Wants", "After", "PrivateNetwork", "RestrictAddressFamilies", "IPAddressAllow"]
