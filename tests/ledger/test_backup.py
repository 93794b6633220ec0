# SPDX-License-Identifier: GPL-2.0-or-later
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from appliance.events import Service
from appliance.ledger import Ledger, LedgerError, Reader, open_ledger
from appliance.ledger.backup import back_up
from appliance.ledger.rows import TABLES, UPLOAD
from tests.ledger.dump import write_household
from tests.ledger.facts import announced, household


def test_a_backup_is_a_ledger(path: Path, tmp_path: Path) -> None:
    """The copy is one file for its owner alone, and holds every fact; opened, it is a ledger like any other."""
    write_household(path)
    copy = tmp_path / "backups" / "ledger.sqlite"
    copy.parent.mkdir()
    with closing(Reader(path)) as reader:
        back_up(reader, copy)
    assert [file.name for file in copy.parent.iterdir()] == ["ledger.sqlite"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(open_ledger(copy, service=Service.HUB, now=0.0)) as ledger, closing(ledger.reader()) as reader:
        facts = [fact for table in TABLES for _, fact in reader.facts(table)]
    assert sorted(facts, key=repr) == sorted((fact for facts in household().values() for fact in facts), key=repr)


def test_writers_go_on_while_it_is_made(
    services: dict[Service, Ledger], reader: Reader, boot: int, path: Path, tmp_path: Path
) -> None:
    """A capture that writes all the time is not kept from it, and the copy is as of one moment: a beginning of it."""
    enough, written = Event(), Event()

    def work() -> None:
        with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as ledger:
            number = 0
            while not enough.is_set():
                ledger.write(boot, [announced(float(number)), announced(number + 0.5)])
                number += 1
                written.set()

    writer = Thread(target=work)
    writer.start()
    written.wait(20)
    for number in range(5):
        back_up(reader, tmp_path / f"{number}.sqlite")
    enough.set()
    writer.join()
    for number in range(5):
        with closing(Reader(tmp_path / f"{number}.sqlite")) as copy:
            uploads = [fact for _, fact in copy.facts(UPLOAD)]
            assert copy.rows("PRAGMA integrity_check") == [("ok",)]
        assert uploads == [announced(place / 2) for place in range(len(uploads))]
        assert len(uploads) % 2 == 0
    assert services


def test_a_backup_that_fails_leaves_the_last_one(
    services: dict[Service, Ledger], reader: Reader, tmp_path: Path
) -> None:
    """Without room for the new one, the old one stays, and the reason is told."""
    disk = tmp_path / "stick"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40k", "none", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        (disk / "ledger.sqlite").write_text("the last one")
        with pytest.raises(LedgerError, match=r"stick/ledger\.sqlite: the disk is full"):
            back_up(reader, disk / "ledger.sqlite")
        assert [file.read_text() for file in disk.iterdir()] == ["the last one"]
    finally:
        subprocess.run(["umount", disk], check=True)
    assert services
