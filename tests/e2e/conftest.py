# SPDX-License-Identifier: GPL-2.0-or-later
"""A house for the tests of a file, and appliances in it that end with their test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import chromium
from tests.e2e.house import Appliance, House

MakeAppliance = Callable[..., Appliance]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Speakers, bridge, router; skips where namespaces are not allowed."""
    with closing(House()) as house:
        yield house


@pytest.fixture
def appliance(house: House, tmp_path: Path) -> Iterator[MakeAppliance]:
    """Makes an appliance at the bridge; takes the settings of the section ``capture``."""
    with ExitStack() as stack:

        def make(**capture: object) -> Appliance:
            made = Appliance(tmp_path / "appliance", house.bridge, **capture)
            stack.callback(made.close)
            return made

        yield make
