# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
from pathlib import Path

import pytest

from appliance.household import Household
from appliance.hub.chores import chores, keep_copy
from appliance.limits import BACKUPS_KEPT
from appliance.notify.office import Office, Premises
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from appliance.upkeep.backup import BackupError
from tests.live.house import RULES


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


def test_every_job_can_be_done(paths: Paths, tmp_path: Path) -> None:
    """Each has a name of its own, and says in words what came of it."""
    household = Household(paths.household)
    office = Office(Premises(paths, RULES.alerts, Registry(paths.registry, 0.0), household), None)
    jobs = chores(tmp_path / "none.toml", paths, office, lambda: "nothing aged")
    assert len({job.name for job in jobs}) == len(jobs)
    assert all(job.run() for job in jobs)
