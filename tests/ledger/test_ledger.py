# SPDX-License-Identifier: GPL-2.0-or-later
import os
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.events import Evidence, Service, Wake
from appliance.ledger import Fact, Ledger, LedgerError, Reader, open_ledger
from appliance.ledger.rows import UPLOAD, VERDICT, table_of
from tests.ledger.facts import announced, by_service, completed, silent, verdict

WAKE = Wake(8.0, "kitchen", "alexa", 0.9)


@settings(max_examples=40)  # each makes a ledger on the disk
@given(st.data())
def test_all_that_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever facts a service writes, a reader finds them all, in their order, as they were."""
    service = data.draw(st.sampled_from(Service))
    facts: list[Fact] = data.draw(st.lists(by_service[service], max_size=12))
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with closing(open_ledger(path, service=service, now=0.0)) as ledger, closing(ledger.reader()) as reader:
        ids = ledger.write(ledger.begin("boot", 0.0), facts)
        written = [(table_of(fact), id_, fact) for id_, fact in zip(ids, facts, strict=True) if id_ is not None]
        read = [(table, id_, fact) for table in {table for table, *_ in written} for id_, fact in reader.facts(table)]
    assert sorted(read, key=repr) == sorted(written, key=repr)


def test_a_verdict_is_written_once(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """A hub that was started again and judges once more learns that the verdict stands; the first word stays."""
    hub = services[Service.HUB]
    first, final = verdict(completed(9.0), final=False), verdict(completed(9.0))
    changed = replace(final, verdict="unheard", evidence=(Evidence("reason", "unheard", "Another."),))
    assert hub.write(boot, [first, final]) == [1, 2]
    assert hub.write(boot, [first, changed, silent(WAKE)]) == [None, None, 3]
    assert hub.write(boot, [silent(WAKE), verdict(completed(10.0))]) == [None, 4]
    assert [fact for _, fact in reader.facts(VERDICT)] == [first, final, silent(WAKE), verdict(completed(10.0))]


def test_all_or_nothing_is_written(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """If one of the facts cannot be written, none of them is, and the next ones are."""
    capture = services[Service.CAPTURE]
    with pytest.raises(ValueError, match="must not write wake"):
        capture.write(boot, [announced(9.0), WAKE])
    assert reader.facts(UPLOAD) == []
    assert capture.write(boot, [announced(9.0)]) == [1]


def test_all_services_mean_the_same_boot(services: dict[Service, Ledger]) -> None:
    """Services that name the same run of the machine get the same number; another run has another."""
    assert {ledger.begin("a", 5.0) for ledger in services.values()} == {1}
    assert services[Service.EARS].begin("b", 9.0) == 2


def test_services_that_are_users_of_one_group_share_it(path: Path) -> None:
    """Under the units' umask the group may write each file of it, and nobody else may look."""
    before = os.umask(0o007)
    try:
        with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as ledger:
            ledger.begin("boot", 0.0)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    kept = {"ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "ledger.sqlite.lock"}
    assert modes == dict.fromkeys(kept, 0o660)


def test_what_was_written_is_there_after_closing(path: Path) -> None:
    """Closed and opened again, the ledger holds what it held, in one file."""
    with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as ledger:
        ledger.write(ledger.begin("boot", 0.0), [announced(9.0)])
    assert {file.name for file in path.parent.iterdir()} == {"ledger.sqlite", "ledger.sqlite.lock"}
    with closing(Reader(path)) as reader:
        assert [fact for _, fact in reader.facts(UPLOAD)] == [announced(9.0)]


def test_a_ledger_that_cannot_be_there_is_refused(tmp_path: Path) -> None:
    """A path in a folder that does not exist is told as such."""
    with pytest.raises(LedgerError, match=r"absent/ledger/ledger\.sqlite: No such file"):
        open_ledger(tmp_path / "absent" / "ledger" / "ledger.sqlite", service=Service.HUB, now=0.0)


def test_who_reads_makes_no_ledger(path: Path) -> None:
    """Where there is none, readers are told so, and there is none afterwards."""
    with pytest.raises(LedgerError, match="cannot be opened"):
        Reader(path)
    assert not path.exists()
