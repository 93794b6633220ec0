# SPDX-License-Identifier: GPL-2.0-or-later
"""How the last update went, as the installer noted it."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clocks import boot_id
from appliance.health.installed import read_update, update_troubles
from appliance.limits import UPDATE_GOES_BACK_S, UPDATE_TOLD_S
from appliance.report.retold import _SENTENCES, _patterns
from tests.health.readings import START, kinds

NOTED = {"time": START, "from": "0.1.0", "to": "0.2.0", "state": "back", "words": "the self-test failed"}


def noted(folder: Path, **said: object) -> Path:
    (folder / "last-update.json").write_text(json.dumps(NOTED | said))
    return folder


def test_an_update_that_went_back_is_told_for_some_days(tmp_path: Path) -> None:
    """Whoever asked for it may have gone to bed."""
    found = read_update(noted(tmp_path))
    (trouble,) = update_troubles(found, START + 60)
    assert (trouble.kind, "0.2.0" in trouble.text, "0.1.0" in trouble.text) == ("update-undone", True, True)
    assert all(
        any(pattern.fullmatch(text) for _, pattern in _patterns(_SENTENCES)) for text in (trouble.text, trouble.remedy)
    )
    assert kinds(update_troubles(found, START + UPDATE_TOLD_S + 1)) == []


@pytest.mark.parametrize("state", ["running", "done", "refused"])
def test_other_ends_are_no_trouble(tmp_path: Path, state: str) -> None:
    """Who was refused sees it on the page; nothing was changed."""
    found = read_update(noted(tmp_path, state=state, pid=os.getpid(), boot=boot_id()))
    assert found
    assert (found.state, kinds(update_troubles(found, START))) == (state, [])


@pytest.mark.parametrize(
    "by", [{"pid": os.getpid(), "boot": "another"}, {"pid": 2**22 + 1, "boot": boot_id()}, {"pid": -1}, {}]
)
def test_what_nobody_is_at_any_more_was_broken_off(tmp_path: Path, by: dict[str, object]) -> None:
    """The machine was started again, or the process is gone: it could not note that; it is told after a while."""
    found = read_update(noted(tmp_path, state="running", **by))
    assert found
    assert found.state == "broken-off"
    (trouble,) = update_troubles(found, START + 60)
    assert (trouble.kind, trouble.after) == ("update-broken-off", UPDATE_GOES_BACK_S)
    assert all(
        any(pattern.fullmatch(text) for _, pattern in _patterns(_SENTENCES)) for text in (trouble.text, trouble.remedy)
    )


def test_no_update_is_no_trouble(tmp_path: Path) -> None:
    """Most machines never had one."""
    assert read_update(tmp_path) is None
    assert kinds(update_troubles(None, START)) == []


@given(st.binary(max_size=300))
def test_any_bytes_are_taken(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """What cannot be read is as if nothing was noted."""
    folder = tmp_path_factory.mktemp("install")
    (folder / "last-update.json").write_bytes(raw)
    assert read_update(folder) is None
