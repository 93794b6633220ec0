# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
from pathlib import Path

from appliance.events import Service
from appliance.household import Household
from appliance.hub.chores import Hands, ask_devices, chores
from appliance.hub.clearing import Clearing, Reached
from appliance.hub.newest import Newest
from appliance.notify.office import Office
from appliance.notify.premises import Premises
from appliance.settings import Paths, Settings
from appliance.speakers.inventory import Probing
from appliance.speakers.registry import Registry
from appliance.speakers.registry_file import RegistryReader
from tests.live.house import RULES, ledger_for


def test_every_job_can_be_done(lived: Path, tmp_path: Path) -> None:
    """Each has a name of its own, and says in words what came of it."""
    shutil.copytree(lived, tmp_path / "house")
    paths = Paths(state=tmp_path / "house" / "state", run=tmp_path / "house" / "run")
    settings, household = Settings(paths=paths), Household(paths.household)
    premises = Premises(paths, RULES.alerts, Registry(paths.registry, 0.0), household)
    office = Office(premises, None)
    clearing = Clearing(settings, household, lambda: ledger_for(settings, Service.HUB), lambda: Reached(1, 0.0))
    newest = Newest({}, household, office.rounds.newer)
    jobs = chores(tmp_path / "none.toml", premises, Hands(office, clearing, newest, lambda: "nothing aged"))
    assert len({job.name for job in jobs}) == len(jobs)
    assert all(job.run() for job in jobs)


def test_devices_are_asked_only_if_the_owner_allows_it(tmp_path: Path) -> None:
    """Off until it is switched on; then the wish is in the registry, where the capture service finds it."""
    paths = Paths(state=tmp_path, run=tmp_path)
    registry, seen = Registry(paths.registry, 0.0), RegistryReader(paths.registry)
    assert ask_devices(paths, registry).startswith("not allowed")
    seen.changed()
    assert seen.inventory.probing == Probing()
    registry.allow_probing(allowed=True)
    assert ask_devices(paths, registry).startswith("asked for")
    assert seen.changed()
    assert seen.inventory.probing.allowed
    assert seen.inventory.probing.asked_at is not None
