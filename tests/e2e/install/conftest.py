# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of installing share: the stick with releases on it."""

from pathlib import Path

import pytest

from tests.e2e.install import releases, roots


@pytest.fixture(scope="session")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for releases, and for a repository of Debian packages."""
    roots.needed("uv", "dpkg-deb", "systemd-nspawn", "mmdebstrap")
    folder = tmp_path_factory.mktemp("stick")
    releases.repository(folder / "debian", "alsa-utils")
    return folder
