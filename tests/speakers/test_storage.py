# SPDX-License-Identifier: GPL-2.0-or-later
import json
import os
import random
import signal
import stat
from pathlib import Path

import pytest
from tinydb import TinyDB

from appliance.speakers.storage import AtomicStorage


def test_what_is_not_committed_is_nowhere(tmp_path: Path) -> None:
    """Changes reach the file by commit alone, are dropped by roll_back, and the file is for its owner only."""
    path = tmp_path / "registry.json"
    storage = AtomicStorage(path, "")
    tables = TinyDB(storage=lambda: storage)
    tables.table("rooms").insert({"name": "kitchen"})
    assert not path.exists()
    storage.commit()
    assert json.loads(path.read_text()) == {"rooms": {"1": {"name": "kitchen"}}}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    tables.table("rooms").update({"name": "hall"})
    storage.roll_back()
    storage.commit()
    assert [room["name"] for room in tables.table("rooms")] == ["kitchen"]
    assert [file.name for file in tmp_path.iterdir()] == ["registry.json"]


def test_a_change_that_failed_leaves_no_trace_in_memory(tmp_path: Path) -> None:
    """If the file cannot be written, what TinyDB had changed is gone after the roll-back, and can be done again."""
    folder = tmp_path / "away"
    storage = AtomicStorage(folder / "registry.json", "")
    tables = TinyDB(storage=lambda: storage)
    tables.table("rooms").insert({"name": "kitchen"})
    with pytest.raises(FileNotFoundError):
        storage.commit()
    storage.roll_back()
    assert storage.read() is None
    folder.mkdir()
    tables.table("rooms").insert({"name": "kitchen"})
    storage.commit()
    assert "kitchen" in (folder / "registry.json").read_text()


def test_a_kill_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """A writer killed at any instant leaves a file that is whole: one of those that it wrote."""
    path, chance = tmp_path / "registry.json", random.Random(1)
    for _ in range(25):
        path.unlink(missing_ok=True)
        writer = os.fork()
        if not writer:
            _write_for_ever(path)
        while not path.exists():
            pass
        for _ in range(chance.randrange(3_000)):
            path.stat()
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        table = json.loads(path.read_text())["t"]
        assert len(table) == 1_000
        assert len(set(table.values())) == 1


def _write_for_ever(path: Path) -> None:
    try:
        storage, number = AtomicStorage(path, ""), 0
        while True:
            number += 1
            storage.write({"t": {str(key): number for key in range(1_000)}})
            storage.commit()
    finally:
        os._exit(1)
