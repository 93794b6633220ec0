# SPDX-License-Identifier: GPL-2.0-or-later
"""A simulated morning that went through the services, and the web application that shows it."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from appliance.settings import Paths, Settings
from appliance.speakers.registry import Registry
from tests.live.house import RULES
from web.app import create_app
from web.house import House


@pytest.fixture
def house(lived: Path, tmp_path: Path) -> House:
    """A house of one's own to change, in which the simulated morning happened."""
    folder = tmp_path / "house"
    shutil.copytree(lived, folder)
    settings = Settings(paths=Paths(state=folder / "state", run=folder / "run", rules=folder / "rules.d"))
    return House(settings, RULES, Registry(settings.paths.registry, 0.0))


@pytest.fixture
def app(house: House) -> Flask:
    """The application that shows it."""
    return create_app(house)
