# SPDX-License-Identifier: GPL-2.0-or-later
import re
from pathlib import Path

import pytest

from appliance.events import Ear
from appliance.speakers.registry import Registry
from appliance.speakers.registry_file import RegistryReader


def test_readers_follow_the_file(tmp_path: Path) -> None:
    """A reader sees each change once, without asking whoever made it; before there is a file, the house is empty."""
    path = tmp_path / "registry.json"
    reader = RegistryReader(path)
    assert not reader.changed()
    registry = Registry(path, 0.0)
    registry.put_ear("kitchen", None)
    assert reader.changed()
    assert not reader.changed()
    assert reader.inventory.furniture() == [Ear("kitchen")]
    registry.put_ear("kitchen", "hall")
    assert reader.changed()
    assert reader.inventory.furniture() == [Ear("kitchen", "hall")]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (b"", "Expecting value"),
        (b"[]", "must be one object"),
        (b"\xff\xfe", "codec"),
        (b"[" * 100_000, "recursion|Expecting value"),
        (b'{"ears": {"1": {"name": 7}}}', r"ears\.1\.name"),
        (b" " * (9 << 20), "more than"),
    ],
)
def test_readers_keep_the_last_good_household(tmp_path: Path, text: bytes, word: str) -> None:
    """A file damaged by hand is told in words; until it is mended the household stands as it was."""
    path = tmp_path / "registry.json"
    Registry(path, 0.0).put_ear("kitchen", None)
    reader = RegistryReader(path)
    reader.changed()
    path.write_bytes(text)
    assert not reader.changed()
    (problem,) = reader.problems
    assert problem.startswith(f"{path}: ")
    assert re.search(word, problem)
    assert reader.inventory.furniture() == [Ear("kitchen")]
