# SPDX-License-Identifier: GPL-2.0-or-later
"""What every room's tests share: the folder of real captures, and how hypothesis searches."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.played import play

settings.register_profile("here", deadline=None)  # a busy machine is no failure: time is measured in bench/
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def plain_terminal() -> Iterator[None]:
    """Whatever the terminal of those who run the tests is like, the commands see none: 80 columns, no colour."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real captures beside the repository; a test that needs it skips where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of real captures (../shared) is not here")
    return folder


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the capture, the sounds and the truth of a simulated morning."""
    return play(tmp_path_factory.mktemp("played"))


@pytest.fixture(scope="session")
def lived(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house in which the simulated morning was watched, heard and judged."""
    from tests.live.house import live  # noqa: PLC0415 - most tests have no need of the services

    return live(tmp_path_factory.mktemp("lived"), played)
