# SPDX-License-Identifier: GPL-2.0-or-later
"""The image's scripts and files fit together, as far as can be seen without building it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

IMAGE = ROOT / "image"
OURS = IMAGE / "root" / "usr" / "lib" / "earwitness-image"
INITRAMFS = IMAGE / "early" / "etc" / "initramfs-tools"
SCRIPTS = [path for path in IMAGE.iterdir() if path.is_file() and path.read_bytes().startswith(b"#!")]
MACHINE = [OURS / "grow", OURS / "welcome", OURS / "place", *INITRAMFS.glob("hooks/*"), *INITRAMFS.glob("scripts/*/*")]
UNITS = IMAGE / "root" / "etc" / "systemd" / "system"


def test_scripts_are_clean() -> None:
    """Shellcheck finds nothing in any script, but that those of the first memory disk read what is only there."""
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not here")
    only_there = "--exclude=SC1091,SC2154,SC2013"
    for command in (["shellcheck", "-x", *map(str, SCRIPTS)], ["shellcheck", only_there, *map(str, MACHINE)]):
        checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert checked.stdout == ""


def test_scripts_can_be_run() -> None:
    """Each is executable as it is checked out."""
    assert [path for path in (*SCRIPTS, *MACHINE) if not os.access(path, os.X_OK)] == []


def test_the_first_memory_disk_has_what_its_script_calls() -> None:
    """It is run by klibc: no grep, no sed, no [[ ]], and nothing that the hook does not bring."""
    text = (INITRAMFS / "scripts" / "local-bottom" / "earwitness").read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert not re.search(r"\b(grep|sed|awk|cut|tr|blkid|findmnt|readlink)\b|\[\[", code)
    assert "copy_exec /sbin/e2fsck" in (INITRAMFS / "hooks" / "earwitness").read_text(encoding="utf-8")


def test_partitions_are_called_alike_everywhere() -> None:
    """Who makes a partition and who looks for it mean the same."""
    made = set(re.findall(r"-[Ln] (EARWITNESS|ew-\w+)", (IMAGE / "assemble").read_text(encoding="utf-8")))
    paths = [*MACHINE, IMAGE / "root" / "etc" / "fstab", IMAGE / "early" / "etc" / "default" / "raspi-firmware"]
    texts = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert set(re.findall(r"LABEL=([\w-]+)|-L (ew-\w+)", texts)) and made  # noqa: PT018 - neither is empty
    assert {one or other for one, other in re.findall(r"LABEL=([\w-]+)|-L (ew-\w+)", texts)} == made


def test_units_start_what_is_there() -> None:
    """Each program that a unit starts is one of the image's, or of Debian's Python."""
    started = re.findall(r"(?m)^ExecStart=(.*)$", "".join(unit.read_text() for unit in UNITS.glob("*.service")))
    ours = [word for line in started for word in line.split() if "earwitness-image" in word]
    assert len(ours) == len(started)
    assert [path for path in ours if not (IMAGE / "root" / path.lstrip("/")).exists()] == []


def test_all_that_systemd_holds_has_its_place(tmp_path: Path) -> None:
    """image/units puts each file of systemd/ where install.sh does, and names what starts by itself."""
    told = subprocess.run(
        [IMAGE / "units", ROOT / "systemd", tmp_path], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "earwitness-ears-satellite.conf" not in {path.name for path in tmp_path.rglob("*")}
    assert (tmp_path / "etc" / "sysusers.d" / "earwitness.conf").exists()
    assert told
    for unit in told:
        assert "[Install]" in (tmp_path / "etc" / "systemd" / "system" / unit).read_text(encoding="utf-8")


def test_what_has_no_place_is_refused(tmp_path: Path) -> None:
    """A new kind of file in systemd/ is not forgotten in silence."""
    shutil.copytree(ROOT / "systemd", tmp_path / "systemd")
    (tmp_path / "systemd" / "earwitness.novelty").touch()
    told = subprocess.run(
        [IMAGE / "units", tmp_path / "systemd", tmp_path], capture_output=True, text=True, check=False
    )
    assert told.returncode
    assert "earwitness.novelty" in told.stderr


def test_packages_are_named_once() -> None:
    """One name a line, each once, each a name."""
    lines = (IMAGE / "packages.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name)] == []


def test_no_mirror_is_written_down() -> None:
    """Packages come from wherever the building machine has its own from."""
    files = [path for path in IMAGE.rglob("*") if path.is_file()]
    assert [path for path in files if re.search(rb"https?://(?!earwitness)", path.read_bytes())] == []
