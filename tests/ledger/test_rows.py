# SPDX-License-Identifier: GPL-2.0-or-later
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Service, Verdict
from appliance.ledger import Fact
from appliance.ledger.rows import TABLES, UPLOAD, table_of, values_of
from tests.ledger.facts import announced, by_service, verdict


@given(st.one_of(*by_service.values()))
def test_what_is_read_is_what_was_written(fact: Fact) -> None:
    """A fact comes back from its columns, through a database, as it was, to the last bit of its floats."""
    table, values = table_of(fact), values_of(fact)
    columns = [f'"{name}"' for name in table.columns]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE t ({', '.join(columns)})")
        connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", values)  # noqa: S608 - our own names
        row = connection.execute("SELECT * FROM t").fetchone()
    assert table.read(row) == fact


@pytest.mark.parametrize("service", Service)
def test_each_service_has_its_own_tables(service: Service) -> None:
    """Every fact that a service makes belongs into a table of that service, so that no two ever write one table."""

    @given(by_service[service])
    def check(fact: Fact) -> None:
        assert table_of(fact).owner is service

    check()


def test_every_table_of_the_schema_has_an_owner(path: Path, services: object) -> None:
    """The list of tables of facts, with their owners and columns, is the schema's."""
    assert services
    with closing(sqlite3.connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        columns = {
            name: tuple(row[1] for row in connection.execute(f"PRAGMA table_info({name})"))[2:] for name in names
        }
    no_facts = {"boot", "forgotten", "floor", "message", "heralded"}
    assert names == {table.name for table in TABLES} | no_facts
    assert {table.name: table.columns for table in TABLES} == {
        name: which for name, which in columns.items() if name not in no_facts
    }


def test_a_verdict_is_about_something() -> None:
    """A verdict on neither an upload nor a wake word has no place in the ledger."""
    whole = verdict(announced(1.0))
    nothing = Verdict(
        whole.time, "called", whole.tell, 1.0, None, upload=None, wake=None, evidence=(), rules="", final=True
    )
    with pytest.raises(ValueError, match="upload or on a wake word"):
        values_of(nothing)


@given(st.lists(st.none() | st.text() | st.integers() | st.floats() | st.binary(), min_size=18, max_size=18))
def test_a_damaged_row_is_no_fact(row: list[str | int | float | None]) -> None:
    """A row whose bits were flipped gives a fact or a ValueError or TypeError, and nothing else."""
    try:
        UPLOAD.read(row)
    except (ValueError, TypeError):
        return
    pytest.fail("a role and a proof out of nowhere")
