# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.events import CAPTURE, Correction, Coverage, Device, Role, Service, Speech, Traffic
from appliance.ledger import HUB, Fact, Follower, Ledger, Reader, reached, unjudged, wall
from appliance.ledger.retention import Keep, forget
from appliance.ledger.rows import COVERAGES, SPEECH, TRAFFIC, UPLOAD, VERDICT, Table
from tests.ledger.facts import ECHO, announced, completed, verdict

DAY = 86_400.0
MUCH = 1 << 40
EPOCH = 1_000_000_000.0
SYNCHRONISED = Correction(0.0, EPOCH, synchronised=True)


def forget_all(ledger: Ledger, keep: Keep, boot: int, time: float) -> int:
    """Forget until there is nothing left to forget; return how often that took a call."""
    calls = 0
    while forget(ledger, keep, boot, time):
        calls += 1
    return calls


def _first(reader: Reader, table: Table[Any]) -> Any:  # noqa: ANN401 - of any table
    return reader.facts(table)[0][1]


def days(count: int) -> Iterable[Fact]:
    """One judged upload an hour."""
    for hour in range(24 * count):
        yield announced(hour * 3_600.0)
        yield completed(hour * 3_600.0)


@pytest.fixture
def ten_days(services: dict[Service, Ledger], boot: int) -> dict[Service, Ledger]:
    """Ten days of uploads, judged all, with traffic and sounds, of a machine whose clock is right."""
    devices = [
        Device(1.0, ECHO, "amazon-echo", None, None, None, 0.9, ()),
        Device(2.0, "02:aa", None, None, None, None, 0.0, ()),
    ]
    traffic = [Traffic(minute * 60.0, ECHO, Role.VOICE, 1, 1, 1) for minute in range(24 * 60 * 10)]
    services[Service.CAPTURE].write(
        boot, [SYNCHRONISED, *devices, *days(10), *traffic, Coverage(0.0, 10 * DAY, CAPTURE)]
    )
    services[Service.EARS].write(boot, [Speech(hour * 3_600.0, hour * 3_600.0 + 5, "hall") for hour in range(240)])
    services[Service.HUB].write(boot, [verdict(completed(hour * 3_600.0)) for hour in range(240)])
    services[Service.HUB].write(boot, [Coverage(0.0, 10 * DAY, HUB)])
    return services


def test_what_is_too_old_is_forgotten(ten_days: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """Each kind has its age; nothing younger is touched, and the newest row of each table stays."""
    assert forget_all(ten_days[Service.HUB], Keep(5, 3, MUCH), boot, 10 * DAY) == 10
    uploads = [fact for _, fact in reader.facts(UPLOAD)]
    assert uploads == list(days(10))[-len(uploads) :]
    assert min(upload.time for upload in uploads) >= 5 * DAY
    assert len(uploads) == 2 * 24 * 5
    assert len(reader.facts(TRAFFIC)) == 24 * 60 * 10 - 10_000
    assert min(fact.time for _, fact in reader.facts(SPEECH)) == 5 * DAY
    assert len(reader.facts(VERDICT)) == 120
    assert len(reader.facts(COVERAGES[Service.CAPTURE])) == 1
    assert wall(reader, boot, 9 * DAY) == (EPOCH + 9 * DAY, True)


def test_no_verdict_goes_before_its_upload(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """However much is too old at once: what has lost its verdict would be judged anew, and nothing more forgotten."""
    services[Service.CAPTURE].write(boot, [SYNCHRONISED, *days(50)])
    services[Service.HUB].write(boot, [verdict(completed(hour * 3_600.0)) for hour in range(24 * 50)])
    services[Service.HUB].write(boot, [Coverage(0.0, 50 * DAY, HUB)])
    while forget(services[Service.HUB], Keep(3), boot, 50 * DAY):
        assert unjudged(reader) == {}
    assert len(reader.facts(UPLOAD)) == 2 * len(reader.facts(VERDICT)) == 2 * 24 * 3


def test_a_few_old_rows_wait_for_more(ten_days: dict[Service, Ledger], boot: int) -> None:
    """Not every minute is worth a commit: what is too old goes by the thousand, or when the oldest is a day over."""
    keep = Keep(1_000, 9.5, MUCH)
    assert forget(ten_days[Service.HUB], keep, boot, 10 * DAY) == 0
    assert forget(ten_days[Service.HUB], keep, boot, 10 * DAY + 280 * 60) == 1_000
    assert forget(ten_days[Service.HUB], keep, boot, 10 * DAY + 280 * 60) == 0
    assert forget(ten_days[Service.HUB], Keep(9.5, 1_000, MUCH), boot, 10 * DAY) == 0
    assert forget(ten_days[Service.HUB], Keep(8.9, 1_000, MUCH), boot, 10 * DAY) > 2 * 26


def test_the_judge_knows_its_speakers_after_it(ten_days: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """The newest word on a speaker stays while the machine runs, however old it is; that on another device does not."""
    ten_days[Service.CAPTURE].write(boot, [Device(3.0, "02:bb", None, None, None, None, 0.0, ())])
    forget_all(ten_days[Service.HUB], Keep(5, 3, MUCH), boot, 10 * DAY)
    assert [fact.device for fact in Follower(reader, boot).new() if isinstance(fact, Device)] == [ECHO, "02:bb"]


def test_what_the_judge_needs_stays(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """If the hub was away for ten days, nothing that it has not judged is dropped, and nothing around it."""
    services[Service.CAPTURE].write(boot, [SYNCHRONISED, *days(10)])
    services[Service.HUB].write(boot, [verdict(completed(hour * 3_600.0)) for hour in range(48)])
    services[Service.HUB].write(boot, [Coverage(0.0, 2 * DAY, HUB)])
    forget_all(services[Service.HUB], Keep(1, 1, 1), boot, 10 * DAY)
    left = [fact for _, fact in reader.facts(UPLOAD)]
    assert left == list(days(10))[-len(left) :]
    assert len(left) in (2 * 24 * 8, 2 * 24 * 8 + 1)


def test_a_ledger_too_large_forgets_the_oldest(
    ten_days: dict[Service, Ledger], reader: Reader, boot: int, path: Path
) -> None:
    """Down to the size that was asked for, the oldest of every kind first, and the file becomes as small."""
    ten_days[Service.CAPTURE]._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size // 2
    forget_all(ten_days[Service.HUB], Keep(1_000, 1_000, size), boot, 10 * DAY)
    ten_days[Service.CAPTURE]._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert 0.9 * size < path.stat().st_size <= size
    oldest = [_first(reader, table).time for table in (UPLOAD, TRAFFIC, SPEECH, VERDICT)]
    assert max(oldest) - min(oldest) < 7 * 3_600
    assert reader.rows("PRAGMA integrity_check") == [("ok",)]


def test_without_ages_only_the_size_counts(ten_days: dict[Service, Ledger], boot: int) -> None:
    """What is kept for ever goes when there is no room for it, and not before."""
    assert forget_all(ten_days[Service.HUB], Keep(size=MUCH), boot, 1e6 * DAY) == 0
    assert forget_all(ten_days[Service.HUB], Keep(size=200_000), boot, 10 * DAY) > 0


def test_no_clock_no_age(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """Before a time server said what time it is nothing is too old: the clock may be years ahead."""
    services[Service.CAPTURE].write(boot, [*days(5), Correction(0.0, 1e9, synchronised=False)])
    later = services[Service.CAPTURE].begin("later", 0.0)
    services[Service.CAPTURE].write(later, [announced(1.0), Correction(0.0, 2e9, synchronised=False)])
    assert forget_all(services[Service.HUB], Keep(1, 1, MUCH), later, 100.0) == 0
    services[Service.CAPTURE].write(later, [Correction(0.0, 2e9, synchronised=True)])
    assert forget_all(services[Service.HUB], Keep(1, 1, MUCH), later, 100.0) == 1
    assert [fact for _, fact in reader.facts(UPLOAD)] == [announced(1.0)]


def test_a_boot_in_the_future_does_not_stay_for_ever(
    services: dict[Service, Ledger], reader: Reader, boot: int
) -> None:
    """Facts dated years ahead by a wrong clock are dropped once the clock is right, with their boot and its clock."""
    capture = services[Service.CAPTURE]
    capture.write(boot, [Correction(0.0, 2e9, synchronised=False), announced(1.0), completed(1.0)])
    now = capture.begin("now", 0.0)
    capture.write(now, [SYNCHRONISED, announced(5.0), completed(5.0)])
    forget_all(services[Service.HUB], Keep(30, 30, MUCH), now, 3 * DAY)
    assert [fact for _, fact in reader.facts(UPLOAD)] == [announced(5.0), completed(5.0)]
    assert reader.rows("SELECT boot_id FROM boot") == [("now",)]
    assert reader.rows("SELECT boot FROM clock") == [(now,)]


def test_ids_go_on_after_forgetting(ten_days: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """A reader that follows misses nothing of what comes after all else was forgotten."""
    follower = Follower(reader, boot)
    follower.new()
    far = 1_000 * DAY
    ten_days[Service.HUB].write(boot, [Coverage(10 * DAY, far, HUB)])
    forget_all(ten_days[Service.HUB], Keep(1, 1, MUCH), boot, far)
    assert len(reader.facts(UPLOAD)) == 1
    ten_days[Service.CAPTURE].write(boot, [announced(far)])
    assert follower.new() == [announced(far)]
    assert reached(reader, boot, Service.HUB) == far
    assert replace(announced(far), time=0.0).key == announced(far).key
