# SPDX-License-Identifier: GPL-2.0-or-later
"""How the last update went, as the installer noted it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.health.installed import read_update, updated
from appliance.limits import UPDATE_TOLD_S
from appliance.report.retold import _SENTENCES, _patterns
from tests.health.readings import START, kinds, machine, reading

NOTED = {"time": START, "from": "0.1.0", "to": "0.2.0", "state": "back", "words": "the self-test failed"}


def noted(folder: Path, **said: object) -> Path:
    (folder / "last-update.json").write_text(json.dumps(NOTED | said))
    return folder


def test_an_update_that_went_back_is_told_for_some_days(tmp_path: Path) -> None:
    """Whoever asked for it may have gone to bed."""
    then = reading(START + 60, update=read_update(noted(tmp_path)))
    (trouble,) = updated(then)
    assert (trouble.kind, "0.2.0" in trouble.text, "0.1.0" in trouble.text) == ("update-undone", True, True)
    assert all(
        any(pattern.fullmatch(text) for _, pattern in _patterns(_SENTENCES)) for text in (trouble.text, trouble.remedy)
    )
    assert kinds(updated(replace(then, machine=machine(START + UPDATE_TOLD_S + 1)))) == []


@pytest.mark.parametrize("state", ["running", "done", "refused"])
def test_other_ends_are_no_trouble(tmp_path: Path, state: str) -> None:
    """Who was refused sees it on the page; nothing was changed."""
    assert kinds(updated(reading(START, update=read_update(noted(tmp_path, state=state))))) == []


def test_no_update_is_no_trouble(tmp_path: Path) -> None:
    """Most machines never had one."""
    assert read_update(tmp_path) is None
    assert kinds(updated(reading(START))) == []


@given(st.binary(max_size=300))
def test_any_bytes_are_taken(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """What cannot be read is as if nothing was noted."""
    folder = tmp_path_factory.mktemp("install")
    (folder / "last-update.json").write_bytes(raw)
    assert read_update(folder) is None
