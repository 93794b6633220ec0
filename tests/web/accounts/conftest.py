# SPDX-License-Identifier: GPL-2.0-or-later
"""Accounts of a house, to be changed."""

import shutil
from pathlib import Path

import pytest

from web.accounts import Accounts


@pytest.fixture
def accounts(accounts_file: Path, tmp_path: Path) -> Accounts:
    """The accounts of a house with an owner and a viewer."""
    shutil.copy(accounts_file, tmp_path)
    return Accounts(tmp_path)
