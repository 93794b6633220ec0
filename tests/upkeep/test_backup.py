# SPDX-License-Identifier: GPL-2.0-or-later
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.household import Home, Household, Secrets
from appliance.ledger import open_ledger
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from appliance.upkeep import age
from appliance.upkeep.age import MAGIC, Opener
from appliance.upkeep.backup import BackupError, backup
from tests.ledger.dump import write_household

WORDS = "correct horse battery staple"
NOW = 1_800_000_000.0


def lived_in(folder: Path) -> Paths:
    """Make a house in which something was chosen, named, hidden and seen."""
    paths = Paths(state=folder / "state", run=folder / "run", rules=folder / "rules.d")
    for each in (paths.state, paths.run, paths.rules):
        each.mkdir(parents=True)
    write_household(paths.ledger)
    Registry(paths.registry, 0.0).put_room("Küche")
    Household(paths.household).change(home=Home(language="de"))
    Secrets(paths.secrets).put("phone", {"topic": "very-secret-topic"})
    (paths.state / "accounts.json").write_text('{"users": {}}')
    (paths.rules / "mine.yaml").write_text("speakers: []\n")
    (folder / "earwitness.toml").write_text("[ledger]\nkeep_days = 30\n")
    return paths


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are made with little work."""
    monkeypatch.setattr(age, "AGE_WORK", 4)


def made(folder: Path, paths: Paths, words: str) -> bytes:
    return b"".join(backup(folder / "earwitness.toml", paths, words, NOW))


def names(plain: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:gz") as archive:
        return {name.removeprefix("earwitness/") for name in archive.getnames()}


OPEN = {"about.json", "etc/earwitness.toml", "etc/rules.d/mine.yaml", "state/registry.json", "state/household.json"}
HIDDEN = {"state/accounts.json", "state/secrets/channels.json"}


def test_with_a_passphrase_all_of_it_is_there(tmp_path: Path) -> None:
    """What age opens is a tar archive that any tar reads, with secrets; closed, none of it shows."""
    raw = made(tmp_path, lived_in(tmp_path), WORDS)
    assert raw.startswith(MAGIC)
    assert b"very-secret" not in raw
    plain = Opener(io.BytesIO(raw), WORDS).read()
    assert names(plain) == OPEN | HIDDEN | {"state/ledger.sqlite"}


def test_without_one_nothing_that_opens_anything_is_in_it(tmp_path: Path) -> None:
    """No accounts, no secrets of channels; and it says so."""
    raw = made(tmp_path, lived_in(tmp_path), "")
    assert names(raw) == OPEN | {"state/ledger.sqlite"}
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:gz") as archive:
        about = archive.extractfile("earwitness/about.json")
        assert about is not None
        assert json.load(about)["private"] is False


def test_it_is_of_one_moment(tmp_path: Path) -> None:
    """What is written while it is made is not in it, and nobody waits for it."""
    paths = lived_in(tmp_path)
    before = made(tmp_path, paths, "")
    chunks = backup(tmp_path / "earwitness.toml", paths, "", NOW)
    first = next(chunks)
    ledger = open_ledger(paths.ledger, service=Service.HUB, now=0.0)
    ledger.begin("another-boot", 0.0)
    ledger.close()
    assert len(b"".join([first, *chunks])) == pytest.approx(len(before), abs=50)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """The copy that it is made of is gone, even if whoever wanted it goes away in between."""
    paths = lived_in(tmp_path)
    before = {path.name for path in paths.state.iterdir()}
    chunks = backup(tmp_path / "earwitness.toml", paths, WORDS, NOW)
    assert isinstance(chunks, Iterator)
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    assert {path.name for path in paths.state.iterdir()} - before <= {"ledger.sqlite-wal", "ledger.sqlite-shm"}


def test_a_house_without_a_ledger_has_nothing_to_keep(tmp_path: Path) -> None:
    """It is told what is missing."""
    with pytest.raises(BackupError, match="nothing to keep"):
        made(tmp_path, Paths(state=tmp_path), WORDS)
