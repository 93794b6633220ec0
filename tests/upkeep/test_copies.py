# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
from pathlib import Path

import pytest

from appliance.limits import BACKUPS_KEPT
from appliance.settings import Paths
from appliance.upkeep.backup import BackupError
from appliance.upkeep.copies import DamageError, keep_copy, look_through


@pytest.fixture
def paths(lived: Path, tmp_path: Path) -> Paths:
    shutil.copytree(lived, tmp_path / "house")
    return Paths(state=tmp_path / "house" / "state", run=tmp_path / "house" / "run")


def test_copies_are_kept_and_few(paths: Paths, tmp_path: Path) -> None:
    """Each time there is a new copy of everything, and only the newest stay."""
    folder = paths.state / "backups"
    folder.mkdir()
    for number in range(4):
        (folder / f"2001-01-0{number + 1}-000000.earwitness").touch()
    words = keep_copy(tmp_path / "none.toml", paths)
    found = sorted(folder.iterdir())
    assert len(found) == BACKUPS_KEPT
    assert words.startswith(found[-1].name)
    assert found[-1].stat().st_size > 1000


def test_no_copy_of_nothing(tmp_path: Path) -> None:
    """Where there is no ledger the reason is told, and nothing is left behind."""
    (tmp_path / "state").mkdir()
    with pytest.raises(BackupError):
        keep_copy(tmp_path / "none.toml", Paths(state=tmp_path / "state", run=tmp_path))
    assert list((tmp_path / "state" / "backups").iterdir()) == []


def test_all_that_is_kept_is_looked_through(paths: Paths, tmp_path: Path) -> None:
    """What is whole is whole, without a copy and with one."""
    assert look_through(paths) == "all of it can be read"
    keep_copy(tmp_path / "none.toml", paths)
    assert look_through(paths) == "all of it can be read"


@pytest.mark.parametrize("what", ["registry", "household", "copy", "ledger"])
def test_what_is_damaged_is_named(paths: Paths, tmp_path: Path, what: str) -> None:
    """Whatever of it cannot be read is told, by its name."""
    keep_copy(tmp_path / "none.toml", paths)
    copy = next((paths.state / "backups").iterdir())
    path = {"registry": paths.registry, "household": paths.household, "copy": copy, "ledger": paths.ledger}[what]
    path.write_bytes(path.read_bytes()[:2000] + b"\xff" * 3000 if path.exists() else b"{")
    with pytest.raises(DamageError, match=path.name):
        look_through(paths)
