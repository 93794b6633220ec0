# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the self-test share: its household, played once."""

from pathlib import Path

import pytest

from appliance.selftest.house import EVENING
from appliance.simulate.household import simulate


@pytest.fixture(scope="session")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the self-test's capture, sounds and truth."""
    folder = tmp_path_factory.mktemp("evening")
    simulate(EVENING, folder)
    return folder
