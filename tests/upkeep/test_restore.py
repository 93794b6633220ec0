# SPDX-License-Identifier: GPL-2.0-or-later
import gzip
import io
import json
import os
import shutil
import stat
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.events import Loss, Service
from appliance.household import Choices, Home, Household, Secrets
from appliance.ledger import Reader, open_ledger
from appliance.outbox import Outbox
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from appliance.upkeep import age, archive
from appliance.upkeep.archive import END, LEDGER, head, padding
from appliance.upkeep.backup import backup
from appliance.upkeep.restore import RestoreError, is_staged, put_in_place, stage
from tests.upkeep.test_backup import NOW, WORDS, lived_in

LATER = NOW + 86_400


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are made with little work."""
    monkeypatch.setattr(age, "AGE_WORK", 4)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return lived_in(tmp_path)


def made(paths: Paths, words: str = WORDS) -> bytes:
    return b"".join(backup(paths.state.parent / "earwitness.toml", paths, words, NOW))


def facts(paths: Paths) -> list[tuple[object, ...]]:
    with closing(Reader(paths.ledger)) as reader:
        return reader.rows("SELECT * FROM upload ORDER BY id")


def archived(*files: tuple[str, bytes]) -> bytes:
    """Make an archive by hand."""
    parts = (head(name, len(content), NOW) + content + padding(len(content)) for name, content in files)
    return gzip.compress(b"".join(parts) + END)


ABOUT = json.dumps({"format": 1, "version": "0", "ledger": 1, "made_at": 0, "private": False}).encode()


def test_an_empty_house_becomes_the_one_that_was(paths: Paths, tmp_path: Path) -> None:
    """On another machine: the same rooms, choices, secrets, accounts and facts; what is root's lies beside."""
    raw = made(paths)
    other = Paths(state=tmp_path / "other", run=paths.run, rules=paths.rules)
    other.state.mkdir()
    staged = stage(io.BytesIO(raw), WORDS, other)
    assert (staged.about.made_at, staged.about.private, is_staged(other)) == (NOW, True, True)
    assert set(put_in_place(other, LATER)) == set(staged.names)
    open_ledger(other.ledger, service=Service.HUB, now=LATER).close()
    assert facts(other) == facts(paths)
    assert Registry(other.registry, 0.0).inventory.rooms == Registry(paths.registry, 0.0).inventory.rooms
    assert Household(other.household).choices == Household(paths.household).choices
    assert Secrets(other.secrets).of("phone") == {"topic": "very-secret-topic"}
    assert (other.state / "from-backup" / "earwitness.toml").read_text() == "[ledger]\nkeep_days = 30\n"
    assert not is_staged(other)


def test_services_that_run_take_the_restored_ledger(paths: Paths) -> None:
    """Whoever has the old ledger open lets go of it, and goes on in the new one; nothing waits in vain."""
    raw, before = made(paths), facts(paths)

    def opened() -> tuple[object, int]:
        ledger = open_ledger(paths.ledger, service=Service.CAPTURE, now=LATER)
        return ledger, ledger.begin("this-boot", 0.0)

    capture = Outbox(opened)  # type: ignore[arg-type]
    capture.put([Loss(1.0, 1.0, None, "frames", number) for number in range(5)])
    Household(paths.household).change(home=Home(language="fr"))
    stage(io.BytesIO(raw), WORDS, paths)
    put_in_place(paths, LATER)
    capture._looked_at -= 60
    capture.put([])
    capture.put([Loss(2.0, 2.0, None, "frames", 99)])
    with closing(Reader(paths.ledger)) as reader:
        assert reader.rows("SELECT missing FROM loss WHERE missing IN (99, 4)") == [(99,)]
    assert facts(paths) == before
    assert Household(paths.household).choices.home.language == "de"
    capture.close()


def test_what_nobody_had_chosen_is_not_chosen_afterwards(paths: Paths) -> None:
    """A backup of a house without choices leaves none of those that were made since."""
    paths.household.unlink()
    paths.secrets.unlink()
    raw = made(paths)
    Household(paths.household).change(home=Home(language="fr"))
    Secrets(paths.secrets).put("phone", {"topic": "new"})
    stage(io.BytesIO(raw), WORDS, paths)
    put_in_place(paths, LATER)
    assert Household(paths.household).choices == Choices()
    assert Secrets(paths.secrets).of("phone") == {}


def test_what_opens_something_stays_the_hubs_alone(paths: Paths, tmp_path: Path) -> None:
    """Restored by a service, what all of them read is for their group; accounts and channels are for the hub."""
    raw, other = made(paths), Paths(state=tmp_path / "other", run=paths.run, rules=paths.rules)
    before = os.umask(0o007)
    try:
        other.state.mkdir()
        stage(io.BytesIO(raw), WORDS, other)
        put_in_place(other, LATER)
        open_ledger(other.ledger, service=Service.HUB, now=LATER).close()
    finally:
        os.umask(before)
    files = (other.ledger, other.registry, other.household, other.state / "accounts.json", other.secrets)
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o660, 0o640, 0o640, 0o600, 0o600]
    assert stat.S_IMODE(other.secrets.parent.stat().st_mode) == 0o700


def test_what_was_there_is_set_aside(paths: Paths) -> None:
    """A restore that was a mistake can be undone by hand."""
    raw = made(paths)
    Registry(paths.registry, 0.0).put_room("Attic")
    stage(io.BytesIO(raw), WORDS, paths)
    put_in_place(paths, LATER)
    open_ledger(paths.ledger, service=Service.HUB, now=LATER).close()
    aside = {path.name.partition(".replaced-")[0] for path in paths.state.rglob("*.replaced-*")}
    assert {"registry.json", "household.json", "accounts.json", "ledger.sqlite"} <= aside
    assert "Attic" in next(paths.state.glob("registry.json.replaced-*")).read_text()


@pytest.mark.parametrize("step", range(8))
def test_a_kill_in_between_is_made_good(paths: Paths, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever file it was killed at, the next start ends with the same house."""
    raw, before = made(paths), facts(paths)
    Household(paths.household).change(home=Home(language="fr"))
    stage(io.BytesIO(raw), WORDS, paths)
    left = [step]
    rename = Path.rename

    def dying(self: Path, target: Path) -> Path:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return rename(self, target)

    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(Path, "rename", dying)
        put_in_place(paths, LATER)
        open_ledger(paths.ledger, service=Service.HUB, now=LATER).close()
    put_in_place(paths, LATER)
    open_ledger(paths.ledger, service=Service.HUB, now=LATER).close()
    assert facts(paths) == before
    assert Household(paths.household).choices.home.language == "de"
    assert not is_staged(paths)


@pytest.mark.parametrize("words", ["", "not the passphrase"])
def test_without_the_passphrase_nothing_happens(paths: Paths, words: str) -> None:
    """It is told which is wrong, and nothing lies ready."""
    with pytest.raises(RestoreError, match="passphrase"):
        stage(io.BytesIO(made(paths)), words, paths)
    assert not is_staged(paths)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([("about.json", ABOUT)], "no whole backup"),
        ([("about.json", ABOUT), ("state/ledger.sqlite", b"no ledger at all")], "ledger"),
        ([("about.json", b"{}"), ("state/ledger.sqlite", b"")], "does not say what it is"),
        ([("about.json", ABOUT.replace(b'"ledger": 1', b'"ledger": 999')), ("state/ledger.sqlite", b"")], "newer"),
        ([("about.json", ABOUT), ("state/ledger.sqlite", b""), ("state/registry.json", b"{")], "registry.json"),
        ([("about.json", ABOUT), ("state/ledger.sqlite", b""), ("state/accounts.json", b"[1")], "accounts.json"),
        ([("../../etc/passwd", b"root::0:0")], "nothing of ours"),
        ([("state/../../x.json", b"")], "nothing of ours"),
        ([("etc/earwitness.toml", b"[pets]\n"), ("about.json", ABOUT), ("state/ledger.sqlite", b"")], "pets"),
        ([("about.json", ABOUT)] * 2, "exist"),
    ],
)
def test_what_is_no_backup_is_refused_in_words(paths: Paths, files: list[tuple[str, bytes]], why: str) -> None:
    """Each file is checked before anything lies ready; the house stays as it was."""
    before = facts(paths)
    with pytest.raises(RestoreError, match=why):
        stage(io.BytesIO(archived(*files)), "", paths)
    assert not is_staged(paths)
    assert {path.name for path in paths.state.iterdir()} & {"restore", "restore.new"} == set()
    assert facts(paths) == before


def test_what_a_part_may_weigh_is_bounded(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive whose heads promise more than a house can have is refused by its heads."""
    monkeypatch.setattr(archive, "ARCHIVE_PART_BYTES", 1_000)
    with pytest.raises(RestoreError, match="too large"):
        stage(io.BytesIO(archived(("about.json", bytes(1_001)))), "", paths)
    monkeypatch.setattr(archive, "ARCHIVE_PARTS", 1)
    with pytest.raises(RestoreError, match="more than 1 files"):
        stage(io.BytesIO(archived(("about.json", ABOUT))), "", paths)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=2_000) | st.binary(max_size=2_000).map(gzip.compress) | st.binary().map(age.MAGIC.__add__)
)
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever is no backup is told so, and leaves nothing."""
    state = tmp_path_factory.mktemp("state")
    with pytest.raises(RestoreError):
        stage(io.BytesIO(raw), WORDS, Paths(state=state))
    assert list(state.iterdir()) == []
    shutil.rmtree(state)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_archive_never_becomes_a_house_in_part(paths: Paths, data: st.DataObject) -> None:
    """With a byte changed anywhere it is refused; or, where nothing minds the byte, it is whole."""
    raw = bytearray(made(paths, ""))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 0xFF
    try:
        names = stage(io.BytesIO(bytes(raw)), "", paths).names
    except RestoreError:
        assert not is_staged(paths)
    else:
        assert LEDGER in names
        shutil.rmtree(paths.state / "restore")
