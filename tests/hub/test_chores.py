# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
from pathlib import Path

from appliance.events import Service
from appliance.household import Household
from appliance.hub.chores import chores
from appliance.hub.clearing import Clearing, Reached
from appliance.notify.office import Office, Premises
from appliance.settings import Paths, Settings
from appliance.speakers.registry import Registry
from tests.live.house import RULES, ledger_for


def test_every_job_can_be_done(lived: Path, tmp_path: Path) -> None:
    """Each has a name of its own, and says in words what came of it."""
    shutil.copytree(lived, tmp_path / "house")
    paths = Paths(state=tmp_path / "house" / "state", run=tmp_path / "house" / "run")
    settings, household = Settings(paths=paths), Household(paths.household)
    office = Office(Premises(paths, RULES.alerts, Registry(paths.registry, 0.0), household), None)
    clearing = Clearing(settings, household, lambda: ledger_for(settings, Service.HUB), lambda: Reached(1, 0.0))
    jobs = chores(tmp_path / "none.toml", paths, office, clearing, lambda: "nothing aged")
    assert len({job.name for job in jobs}) == len(jobs)
    assert all(job.run() for job in jobs)
