# SPDX-License-Identifier: GPL-2.0-or-later
import os
import random
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.events import Service, Upload
from appliance.ledger import LedgerError, open_ledger
from appliance.ledger.errors import suspect
from appliance.ledger.rows import UPLOAD
from tests.ledger.facts import announced, completed

NOW = 1_795_428_900.0  # 2026-11-23 10:15:00 UTC
ASIDE = "ledger.sqlite.damaged-20261123T101500"
UPLOADS = [upload for start in range(0, 2_000, 10) for upload in (announced(start), completed(start))]


@pytest.fixture(scope="module")
def sound_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with 400 rows of uploads."""
    path = tmp_path_factory.mktemp("sound") / "ledger.sqlite"
    with closing(open_ledger(path, service=Service.CAPTURE, now=NOW)) as ledger:
        ledger.write(ledger.begin("boot", 0.0), UPLOADS)
    return path


@pytest.fixture(scope="module")
def sound(sound_file: Path) -> bytes:
    """Its bytes."""
    return sound_file.read_bytes()


def opened(path: Path) -> tuple[str, list[Upload]]:
    """Open the ledger; return what had to be mended, and the uploads in it."""
    with closing(open_ledger(path, service=Service.CAPTURE, now=NOW)) as ledger, closing(ledger.reader()) as reader:
        assert reader.rows("PRAGMA quick_check") == [("ok",)]
        ledger.write(ledger.begin("another boot", 0.0), [announced(9e6)])
        facts = [fact for _, fact in reader.facts(UPLOAD)]
        assert facts.pop() == announced(9e6)
        return ledger.mended, facts


def amid(sound: bytes) -> int:
    """Where a page of rows begins that lies amid the others (https://sqlite.org/fileformat.html, section 1.6)."""
    leaves = [at for at in range(0, len(sound), 1024) if sound[at] == 13]
    return leaves[len(leaves) // 2]


def test_a_sound_ledger_is_left_as_it_is(path: Path, sound: bytes) -> None:
    """Nothing is mended where nothing is damaged."""
    path.write_bytes(sound)
    assert opened(path) == ("", UPLOADS)


def test_an_empty_file_becomes_a_ledger(path: Path) -> None:
    """A file of no bytes, as a power cut leaves it, holds nothing to be saved."""
    path.touch()
    assert opened(path) == ("", [])


def test_a_damaged_page_costs_its_own_rows(path: Path, sound: bytes) -> None:
    """Four kB of zeros in the midst: the file is set aside and named, other rows are carried over, losses counted."""
    at = amid(sound)
    damaged = sound[:at] + bytes(4096) + sound[at + 4096 :]
    path.write_bytes(damaged)
    mended, uploads = opened(path)
    assert f"It is kept as {ASIDE}; carried over: 1 of boot, {len(uploads)} of upload; lost from among them:" in mended
    assert path.with_name(ASIDE).read_bytes() == damaged
    assert len(UPLOADS) - 40 <= len(uploads) < len(UPLOADS)
    assert [upload for upload in UPLOADS if upload in uploads] == uploads
    assert opened(path)[0] == ""


def test_a_header_of_garbage_costs_all(path: Path, sound: bytes) -> None:
    """Where nothing can be read, that is said, and the household goes on with a new ledger."""
    path.write_bytes(os.urandom(100) + sound[100:])
    mended, uploads = opened(path)
    assert "carried over: nothing" in mended
    assert uploads == []
    assert path.with_name(ASIDE).exists()


def test_a_file_cut_short_gives_what_is_left(path: Path, sound: bytes) -> None:
    """Its last pages missing, a ledger still gives the others."""
    path.write_bytes(sound[:-8192])
    mended, uploads = opened(path)
    assert "carried over" in mended
    assert len(uploads) > len(UPLOADS) // 2


def test_a_schema_that_is_no_text_any_more_is_damage(path: Path, sound: bytes) -> None:
    """A flipped bit in the schema that SQLite quotes in its error, though it is no UTF-8: damage like any other."""
    at = sound.index(b"CREATE TABLE wake") + 3
    path.write_bytes(sound[:at] + b"\xd4" + sound[at + 1 :])
    mended, uploads = opened(path)
    assert "was damaged" in mended
    assert uploads == UPLOADS


damages = st.lists(
    st.tuples(
        st.sampled_from(["flip", "overwrite", "cut"]),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=512),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=50)
@given(damages)
def test_any_damage_ends_in_a_sound_ledger(
    tmp_path_factory: pytest.TempPathFactory, sound_file: Path, damage: list[tuple[str, float, bytes]]
) -> None:
    """Bytes flipped, cut off or overwritten anywhere: it opens, or is refused as not ours; rows are rows that were."""
    raw = bytearray(sound_file.read_bytes())
    for kind, place, noise in damage:
        at = int(place * len(raw))
        if kind == "cut" and at > len(raw) * 3 // 4:
            del raw[at:]
        elif kind == "flip":
            raw[at] ^= noise[0]
        else:
            raw[at : at + len(noise)] = noise
    path = tmp_path_factory.mktemp("damaged") / "ledger.sqlite"
    path.write_bytes(raw)
    try:
        _, uploads = opened(path)
    except LedgerError as error:
        assert "another program" in str(error) or "its version is" in str(error)  # noqa: PT017 - either, not always
        assert path.read_bytes() == raw
    else:
        assert len(uploads) <= len(UPLOADS) + len(damage)


def test_a_power_cut_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    """The log torn at any byte: the ledger opens, with every commit that was wholly in it, and nothing half."""
    path = tmp_path / "ledger.sqlite"
    wal, ends = path.with_name("ledger.sqlite-wal"), []
    with closing(open_ledger(path, service=Service.CAPTURE, now=NOW)) as ledger:
        boot = ledger.begin("boot", 0.0)
        for start in range(0, 400, 10):
            ledger.write(boot, [announced(start), completed(start)])
            ends.append(wal.stat().st_size)
        main, log = path.read_bytes(), wal.read_bytes()
    assert len(set(ends)) == len(ends)
    chance = random.Random(4)
    for number, cut in enumerate([*chance.sample(range(len(log)), 60), ends[0] - 1, *ends[:2], len(log)]):
        torn = tmp_path / str(number) / "ledger.sqlite"
        torn.parent.mkdir()
        torn.write_bytes(main)
        torn.with_name("ledger.sqlite-wal").write_bytes(log[:cut])
        whole = sum(end <= cut for end in ends)
        assert opened(torn) == ("", UPLOADS[: 2 * whole])
        shutil.rmtree(torn.parent)


def test_a_kill_loses_nothing_that_was_committed(path: Path) -> None:
    """A writer killed at any instant, also while the log is put into the file: all that was written is there."""
    chance, told = random.Random(2), 0
    for _ in range(20):
        reading, writing = os.pipe()
        writer = os.fork()
        if not writer:
            _write_for_ever(path, writing)
        os.close(writing)
        for _ in range(chance.randrange(1, 30)):
            told += len(os.read(reading, 1))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        while told_late := os.read(reading, 4096):
            told += len(told_late)
        os.close(reading)
        with closing(open_ledger(path, service=Service.HUB, now=NOW)) as ledger, closing(ledger.reader()) as reader:
            assert ledger.mended == ""
            rows = reader.last(UPLOAD)
        assert rows in (told, told + 1)
        told = rows


def _write_for_ever(path: Path, told: int) -> None:
    try:
        ledger = open_ledger(path, service=Service.CAPTURE, now=NOW)
        ledger._connection.execute("PRAGMA wal_autocheckpoint = 8")
        boot = ledger.begin("boot", 0.0)
        while True:
            ledger.write(boot, [announced(1.0)])
            os.write(told, b".")
    finally:
        os._exit(1)


def test_a_kill_while_mending_leaves_it_to_be_mended(path: Path, sound: bytes) -> None:
    """Killed at any instant of the mending, the next start mends: what can be read is there, the damaged file too."""
    at = amid(sound)
    damaged, chance = sound[:at] + bytes(4096) + sound[at + 4096 :], random.Random(3)
    path.write_bytes(damaged)
    _, expected = opened(path)
    for _ in range(15):
        for file in path.parent.iterdir():
            file.unlink()
        path.write_bytes(damaged)
        mender = os.fork()
        if not mender:
            try:
                open_ledger(path, service=Service.CAPTURE, now=NOW)
            finally:
                os._exit(1)
        for _ in range(chance.randrange(8_000)):
            path.exists()
        os.kill(mender, signal.SIGKILL)
        os.waitpid(mender, 0)
        assert opened(path)[1] == expected
        assert path.with_name(ASIDE).read_bytes() == damaged


def test_damage_found_by_one_is_known_to_all(path: Path, sound: bytes) -> None:
    """Who finds the file damaged while it is in use says so; others close it at their next write; the next mends it."""
    path.write_bytes(sound)
    capture = open_ledger(path, service=Service.CAPTURE, now=NOW)
    hub = open_ledger(path, service=Service.HUB, now=NOW)
    boot = capture.begin("boot", 0.0)
    with closing(hub.reader()) as reader:
        at = amid(sound)
        path.write_bytes(sound[:at] + bytes(4096) + sound[at + 4096 :])
        with pytest.raises(LedgerError, match="it is damaged") as told:
            reader.facts(UPLOAD)
    assert told.value.damaged
    for ledger in (capture, hub):
        with pytest.raises(LedgerError, match="close it, and open it again") as told:
            ledger.write(boot, [announced(1.0)])
        assert told.value.damaged
        ledger.close()
    mended, uploads = opened(path)
    assert "was damaged" in mended
    assert len(UPLOADS) - 40 <= len(uploads) < len(UPLOADS)
    assert not suspect(path).exists()


def test_an_index_that_contradicts_its_table_is_mended(path: Path, sound: bytes) -> None:
    """The quick check does not see it; who stumbles over it says so, and then the check is thorough."""
    path.write_bytes(sound)
    behind_the_index_of_uploads(path, "UPDATE upload SET started_at = started_at + 0.25 WHERE id = 100")
    with closing(open_ledger(path, service=Service.HUB, now=NOW)) as hub:
        assert hub.mended == ""
        with pytest.raises(LedgerError, match="it is damaged") as told, hub.transaction() as connection:
            connection.execute("DELETE FROM upload WHERE id = 100")
        assert told.value.damaged
    mended, uploads = opened(path)
    assert "row 100 missing from index" in mended
    assert len(uploads) == len(UPLOADS)


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        (b"bytes_down INTEGER", b"bytes_dowm INTEGER"),
        (b"REAL NOT NULL", b"REAL NOT NULK"),
    ],
)
def test_a_renamed_column_is_mended(path: Path, sound: bytes, was: bytes, is_now: bytes) -> None:
    """A flipped bit in the schema's text, which SQLite's checks do not see: what is in the table is carried over."""
    path.write_bytes(sound.replace(was, is_now, 1))
    mended, uploads = opened(path)
    assert "was damaged" in mended
    assert len(uploads) == len(UPLOADS)


def behind_the_index_of_uploads(path: Path, statement: str) -> None:
    """Change the table while SQLite does not know that it has an index."""
    index = "SELECT * FROM sqlite_master WHERE name = 'upload_by_start'"
    with closing(sqlite3.connect(path)) as connection, connection:
        entry = connection.execute(index).fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'upload_by_start'")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", entry)
