# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.settings import Paths
from appliance.upkeep import age
from tests.commands.running import earwitness
from tests.upkeep.test_backup import WORDS, lived_in


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a house in which something is to be kept."""
    monkeypatch.setattr(age, "AGE_WORK", 4)
    paths = lived_in(tmp_path)
    path = tmp_path / "earwitness.toml"
    path.write_text("[paths]\n" + "".join(f'{name} = "{folder}"\n' for name, folder in paths))
    return path


def test_a_backup_goes_there_and_back(settings: Path, tmp_path: Path) -> None:
    """The passphrase is asked for twice, then once; what was made can be restored; the file is its owner's."""
    file = tmp_path / "home.age"
    made = earwitness("backup", "--settings", settings, file, typed=f"{WORDS}\n{WORDS}\n")
    assert (made.exit_code, file.stat().st_mode & 0o777) == (0, 0o600), made.output
    assert WORDS not in made.output
    again = earwitness("restore", "--settings", settings, file, typed=f"{WORDS}\n")
    assert again.exit_code == 0, again.output
    assert "is whole: about.json" in again.stdout
    assert "when they start" in again.stdout
    assert "from-backup: copy what fits" in again.stdout


def test_a_passphrase_can_come_from_a_file(settings: Path, tmp_path: Path) -> None:
    """For backups that nobody sits beside; its first line counts."""
    words = tmp_path / "words"
    words.write_text(f"{WORDS}\nsomething else\n")
    file = tmp_path / "home.age"
    for command in ("backup", "restore"):
        done = earwitness(command, "--settings", settings, "--passphrase-file", words, file)
        assert done.exit_code == 0, done.output


def test_a_short_passphrase_is_no_passphrase(settings: Path, tmp_path: Path) -> None:
    """It could be tried out; nothing is written."""
    made = earwitness("backup", "--settings", settings, tmp_path / "home.age", typed="short\nshort\n")
    assert made.exit_code == 2
    assert "at least 12 characters" in made.stderr
    assert not list(tmp_path.glob("home.age*"))


def test_a_backup_that_cannot_be_made_leaves_the_old_one(settings: Path, tmp_path: Path) -> None:
    """The file from before is there, and nothing beside it."""
    file = tmp_path / "home.tar.gz"
    assert earwitness("backup", "--settings", settings, "--without-secrets", file).exit_code == 0
    before = file.read_bytes()
    Paths(state=tmp_path / "state").ledger.unlink()
    failed = earwitness("backup", "--settings", settings, "--without-secrets", file)
    assert (failed.exit_code, "nothing to keep" in failed.stderr) == (2, True)
    assert (file.read_bytes(), len(list(tmp_path.glob("home.tar.gz*")))) == (before, 1)
