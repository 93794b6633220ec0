# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.hub.satellites import settle_in
from appliance.satellites.reception import ELSEWHERE
from appliance.satellites.roster import Roster
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from appliance.status import EarStatus, Listening, write_status

ABOUT = {"service": ELSEWHERE, "boot": "here", "time": 1.0, "started_at": 0.0, "pid": 1, "state": "", "version": ""}


class Home:
    """A hub's folders, its registry, and one satellite that tells of its ear."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(state=folder, run=folder / "run", rules=folder)
        self.paths.run.mkdir()
        self.registry = Registry(self.paths.registry, 0.0)
        self.roster = Roster(self.paths.satellites)
        self.roster.admit(self.roster.invite("here", 0.0), "bedroom", "here", 1.0, 1.0)
        self.tell("bedroom/mic")

    def tell(self, *names: str) -> None:
        """Have satellites tell of ears."""
        ears = {name: Listening(covered_since=0.0, covered_until=1.0, room="bedroom") for name in names}
        write_status(self.paths.run, EarStatus.model_validate(ABOUT | {"ears": ears}))

    def ears(self) -> dict[str, str | None]:
        """Return the rooms of the ears in the registry, once it was looked at."""
        settle_in(self.paths, self.registry)
        return {each.name: each.room for each in self.registry.inventory.ears}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    with closing(home.registry):
        yield home


def test_an_ear_is_in_the_room_that_its_satellite_says(home: Home) -> None:
    """It is noted when it is first told of."""
    assert home.ears() == {"bedroom/mic": "bedroom"}


def test_the_owner_knows_better(home: Home) -> None:
    """A room that the owner said stays, and so does none."""
    home.ears()
    home.registry.put_ear("bedroom/mic", "study")
    assert home.ears() == {"bedroom/mic": "study"}
    home.registry.put_ear("bedroom/mic", None)
    assert home.ears() == {"bedroom/mic": None}


def test_one_that_is_away_is_missed(home: Home) -> None:
    """An ear of which nothing is told at the moment is still an ear of the home."""
    home.ears()
    home.tell()
    assert home.ears() == {"bedroom/mic": "bedroom"}


def test_the_ears_of_a_revoked_satellite_go(home: Home) -> None:
    """They are not missed; ears of the settings stay, whatever they are called."""
    home.registry.put_ear("up/down", "hall", by_settings=True)
    home.ears()
    home.roster.revoke("bedroom")
    assert home.ears() == {"up/down": "hall"}
