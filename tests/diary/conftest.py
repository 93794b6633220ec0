# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.ledger import Reader
from appliance.settings import Paths
from appliance.speakers.inventory import Inventory
from appliance.speakers.registry_file import RegistryReader


@pytest.fixture
def paths(lived: Path) -> Paths:
    return Paths(state=lived / "state", run=lived / "run")


@pytest.fixture
def reader(paths: Paths) -> Iterator[Reader]:
    with closing(Reader(paths.ledger)) as reader:
        yield reader


@pytest.fixture
def inventory(paths: Paths) -> Inventory:
    registry = RegistryReader(paths.registry)
    registry.changed()
    return registry.inventory
