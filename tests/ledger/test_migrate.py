# SPDX-License-Identifier: GPL-2.0-or-later
import sqlite3
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.ledger import LedgerError, Reader, open_ledger
from appliance.ledger.migrate import steps
from appliance.ledger.rows import TABLES, table_of
from tests.ledger.dump import write_household
from tests.ledger.facts import household

VERSIONS = sorted((Path(__file__).parent / "versions").iterdir())


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        rows: list[tuple[str, str]] = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    return rows


def held_by(version: Path, table: str) -> bool:
    return f"CREATE TABLE {table} (" in version.read_text()


def test_each_version_is_kept() -> None:
    """There is a ledger of every version that was ever in use, to come from."""
    assert [version.stem for version in VERSIONS] == [f"{number:04}" for number in range(1, len(steps()) + 1)]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.stem)
def test_a_ledger_of_any_version_is_brought_to_ours(version: Path, path: Path, tmp_path: Path) -> None:
    """It holds the same facts afterwards, and its schema is that of a ledger made today."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(version.read_text())
    write_household(tmp_path / "today.sqlite")
    with closing(open_ledger(path, service=Service.HUB, now=0.0)) as ledger, closing(ledger.reader()) as reader:
        assert ledger.mended == ""
        facts = [fact for table in TABLES for _, fact in reader.facts(table)]
    held = [fact for facts in household().values() for fact in facts if held_by(version, table_of(fact).name)]
    assert sorted(facts, key=repr) == sorted(held, key=repr)
    assert schema(path) == schema(tmp_path / "today.sqlite")


def test_a_newer_ledger_is_left_alone(path: Path) -> None:
    """A ledger that a newer program wrote is refused in words, and not a byte of it changes."""
    write_household(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(steps()) + 1}")
    before = path.read_bytes()
    with pytest.raises(
        LedgerError, match=f"its version is {len(steps()) + 1}, and this program knows versions up to {len(steps())}"
    ):
        open_ledger(path, service=Service.HUB, now=0.0)
    assert path.read_bytes() == before


def test_another_programs_file_is_left_alone(path: Path) -> None:
    """A database that is no ledger is refused, and not a byte of it changes."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="a file of another program"):
        open_ledger(path, service=Service.HUB, now=0.0)
    assert path.read_bytes() == before


def test_services_may_all_come_first(path: Path) -> None:
    """Three services that start on an empty folder at once: one makes the ledger, all have it."""
    with get_context("fork").Pool(3) as pool:
        assert pool.starmap(_begin, [(path, service) for service in Service]) == [1, 1, 1]
    with closing(Reader(path)) as reader:
        assert reader.rows("PRAGMA quick_check") == [("ok",)]


def _begin(path: Path, service: Service) -> int:
    with closing(open_ledger(path, service=service, now=0.0)) as ledger:
        return ledger.begin("boot", 0.0)
