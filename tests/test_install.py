# SPDX-License-Identifier: GPL-2.0-or-later
"""install.sh and tests/run do what the README promises of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = ("install.sh", "tests/run", ".ci/run")


def run(*command: str | Path, home: Path, timeout: int = 60) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "EARWITNESS_HOME": str(home)}
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False
    )


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_scripts_are_clean(root: Path) -> None:
    """Shellcheck finds nothing in any script."""
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not here")
    checked = subprocess.run(
        ["shellcheck", *SCRIPTS], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert checked.stdout == ""


def test_scripts_can_be_run(root: Path) -> None:
    """Each script is executable as it is checked out."""
    assert [script for script in SCRIPTS if not os.access(root / script, os.X_OK)] == []


def test_help_installs_nothing(root: Path, tmp_path: Path) -> None:
    """--help tells the three ways and touches nothing."""
    told = run(root / "install.sh", "--help", home=tmp_path / "home")
    assert told.returncode == 0
    assert {"--demo", "--remove", "--help"} <= set(told.stdout.split())
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_argument_is_refused(root: Path, tmp_path: Path) -> None:
    """What install.sh does not know it does not guess."""
    assert run(root / "install.sh", "--demon", home=tmp_path / "home").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_an_old_python_is_named(root: Path, tmp_path: Path) -> None:
    """Where Python is too old install.sh says which is there and which is needed."""
    for name in ("sh", "cat", "dirname", "id"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 || exit 1\n', encoding="utf-8")
    old.chmod(0o755)
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path), "EARWITNESS_HOME": str(tmp_path / "home")}
    told = subprocess.run(
        ["sh", root / "install.sh"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 1
    assert "Python 3.9.2 is too old: Python 3.11" in told.stderr


@pytest.mark.parametrize(
    ("file", "groups"),
    [("requirements.txt", "--no-default-groups --group build"), ("requirements-build.txt", "--only-group build")],
)
def test_the_locked_requirements_are_current(root: Path, file: str, groups: str) -> None:
    """What install.sh installs is what uv.lock says; CONTRIBUTING has the commands that write it anew."""
    if not shutil.which("uv"):
        pytest.skip("uv is not here")
    export = ["export", "-q", *groups.split(), "--no-emit-project", "--no-header", "--frozen"]
    exported = subprocess.run(["uv", *export], cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert exported.returncode == 0, exported.stderr
    written = (root / file).read_text(encoding="utf-8").splitlines(keepends=True)
    assert "".join(line for line in written if not line.startswith("#")) == exported.stdout


def test_remove_leaves_what_is_not_its_own(root: Path, tmp_path: Path) -> None:
    """Files that somebody else put into the installation's folder stay, and are told of."""
    (tmp_path / "home/venv").mkdir(parents=True)
    (tmp_path / "home/mine.pcap").touch()
    told = run(root / "install.sh", "--remove", home=tmp_path / "home")
    assert told.returncode == 1
    assert str(tmp_path / "home") in told.stderr
    assert files(tmp_path / "home") == {Path("mine.pcap")}
    assert not (tmp_path / "home/venv").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="install.sh is for Linux")
def test_the_demo_installs_shows_a_day_and_goes_away_again(root: Path, tmp_path: Path) -> None:
    """One command from nothing, with every file of the packages, to a day's verdicts; another leaves nothing behind."""
    home = tmp_path / "home"
    shown = run(root / "install.sh", "--demo", home=home, timeout=900)
    assert shown.returncode == 0, shown.stderr
    assert "simulated household" in shown.stdout
    assert "nobody asked for" in shown.stdout
    assert str(home / "demo/day.html") in shown.stdout
    page = (home / "demo/day.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Simulated household" in page
    assert (home / "demo/day.png").read_bytes().startswith(b"\x89PNG")
    assert run(home / "bin/earwitness", "--version", home=home).stdout.startswith("earwitness, version")
    (packages,) = home.glob("venv/lib/python3*/site-packages")
    assert [name for name in ("appliance", "web", "rules") if files(root / name) != files(packages / name)] == []
    assert run(root / "install.sh", "--remove", home=home).returncode == 0
    assert not home.exists()
