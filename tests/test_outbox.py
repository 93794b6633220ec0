# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from appliance import outbox
from appliance.events import Device, Loss, Service
from appliance.ledger import Ledger, open_ledger
from appliance.ledger.errors import suspect
from appliance.ledger.rows import LOSS
from appliance.outbox import Outbox


def fact(number: int) -> Loss:
    return Loss(float(number), float(number), None, "frames", number)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def opened(path: Path) -> tuple[Ledger, int]:
    ledger = open_ledger(path, service=Service.CAPTURE, now=0.0)
    return ledger, ledger.begin("boot", 0.0)


def written(path: Path) -> list[int]:
    with closing(open_ledger(path, service=Service.HUB, now=0.0)) as ledger, closing(ledger.reader()) as reader:
        return [loss.missing for _, loss in reader.facts(LOSS)]


def full(out: Outbox, pages: int) -> None:
    """Let the ledger have no more than so many pages: the real SQLITE_FULL."""
    out.ledger._connection.execute(f"PRAGMA max_page_count = {pages}")


def test_facts_are_written_at_once(path: Path) -> None:
    """While all is well nothing waits."""
    with closing(Outbox(lambda: opened(path))) as out:
        assert len(out.put([fact(1), fact(2)])) == 2
        assert (len(out), out.problem) == (0, "")
    assert written(path) == [1, 2]


def test_what_finds_no_room_waits_and_is_written_in_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk loses nothing: facts wait, it is told why, and they are written when there is room again."""
    monkeypatch.setattr(outbox, "LEDGER_RETRY_S", 0.0)
    with closing(Outbox(lambda: opened(path))) as out:
        full(out, 1)
        count = 0
        while not out.problem:
            count += 100
            out.put(fact(number) for number in range(count - 100, count))
        assert "full" in out.problem
        assert len(out) == 100
        full(out, 1 << 20)
        out.put([fact(count)])
        assert (len(out), out.problem) == (0, "")
    assert written(path) == [*range(count + 1)]


def test_too_many_waiting_facts_are_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is bounded: the newest are turned away, and counted."""
    monkeypatch.setattr(outbox, "FACTS_WAITING", 3)
    with closing(Outbox(lambda: opened(path))) as out:
        out.put(fact(number) for number in range(5))
        assert out.evicted == 2
    assert written(path) == [0, 1, 2]


def test_a_flood_of_devices_leaves_room_for_uploads(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Descriptions of devices, traffic and names take half of the room: whatever comes behind them finds some too."""
    monkeypatch.setattr(outbox, "FACTS_WAITING", 10)
    with closing(Outbox(lambda: opened(path))) as out:
        stranger = Device(1.0, "02:00:00:00:00:01", None, None, None, None, 0.0, ())
        out.put([*(replace(stranger, time=float(number)) for number in range(20)), *map(fact, range(8))])
        assert out.evicted == 15 + 3
    assert written(path) == [*range(5)]


def test_a_damaged_ledger_is_opened_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the file is damaged under the service, it is mended by opening it again, and what waited is written."""
    monkeypatch.setattr(outbox, "LEDGER_RETRY_S", 0.0)
    with closing(Outbox(lambda: opened(path))) as out:
        out.put(fact(number) for number in range(2000))
        out.ledger._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(b"\xff" * 4096)
        suspect(path).touch()  # as another service does that came upon it
        out.put([fact(5000)])
        out.put([fact(5001)])
        assert (len(out), out.problem) == (0, "")
        assert "carried over" in out.ledger.mended
    assert written(path)[-2:] == [5000, 5001]
