# SPDX-License-Identifier: GPL-2.0-or-later
"""install.sh and tests/run do what the README promises of them."""

import os
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from appliance import __version__

SCRIPTS = ("install.sh", "image/bundle", "tests/run", ".ci/run")


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
    """--help tells all ways and touches nothing."""
    told = run(root / "install.sh", "--help", home=tmp_path / "home")
    assert told.returncode == 0
    assert {"--demo", "--placement", "--update", "--uninstall", "--dry-run", "--version"} <= set(told.stdout.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["--demon"], ["bundle.tar"], ["--demo", "--uninstall"], ["--placement"], ["--placement", "attic"], ["--go-back"]],
    ids=" ".join,
)
def test_what_is_not_known_is_refused(root: Path, tmp_path: Path, arguments: list[str]) -> None:
    """What install.sh does not know, or cannot both do, it does not guess."""
    assert run(root / "install.sh", *arguments, home=tmp_path / "home").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_changes_nothing(root: Path, tmp_path: Path) -> None:
    """Each change is said, none is made."""
    told = run(root / "install.sh", "--dry-run", home=tmp_path / "home")
    assert (told.returncode, told.stdout.split()[0]) == (0, "would")
    assert str(tmp_path / "home") in told.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_says_which_release_it_is(root: Path, tmp_path: Path) -> None:
    """The version is the program's own."""
    assert run(root / "install.sh", "--version", home=tmp_path).stdout.startswith(f"Earwitness {__version__}\n")


def test_without_a_release_beside_it_nothing_is_installed(root: Path, tmp_path: Path) -> None:
    """A copy of the script alone says what is missing, wherever it lies and however it is called."""
    alone = tmp_path / "a folder" / "install.sh"
    alone.parent.mkdir()
    shutil.copy(root / "install.sh", alone)
    told = run("sh", alone, home=tmp_path / "home")
    assert told.returncode == 1
    assert "there is no release beside" in told.stderr
    assert not (tmp_path / "home").exists()


def test_everything_in_systemd_has_its_place(root: Path) -> None:
    """systemd/places says of each file in the folder where it goes; a file that no line fits would not be installed."""
    table = [line.split() for line in (root / "systemd/places").read_text().splitlines() if not line.startswith("#")]
    names = [path.name for path in (root / "systemd").iterdir()]
    assert [name for name in names if not any(fnmatch(name, pattern) for pattern, _ in table)] == []


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
    [
        ("requirements.txt", "--no-default-groups --group build"),
        ("requirements-services.txt", "--no-default-groups --group build --extra ears"),
        ("requirements-build.txt", "--only-group build"),
    ],
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
    told = run(root / "install.sh", "--uninstall", home=tmp_path / "home")
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
    assert run(root / "install.sh", "--uninstall", home=home).returncode == 0
    assert not home.exists()
