# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.events import CAPTURE, Correction, Coverage, Device, Role, Service, Speech, Traffic
from appliance.ledger import (
    Follower,
    Ledger,
    LedgerError,
    Reader,
    Span,
    clear,
    drop,
    forgotten,
    next_batch,
    note_forgotten,
    open_ledger,
    unjudged,
)
from appliance.ledger.rows import CLOCK, COVERAGES, DEVICE, SPEECH, TABLES, UPLOAD, VERDICT
from appliance.limits import LEDGER_FORGETS_ROWS
from tests.ledger.facts import ECHO, announced, completed, verdict

EPOCH = 1_000_000_000.0
HOUR = 3_600.0
DAY = 24 * HOUR


def forget(ledger: Ledger, reader: Reader, span: Span) -> int:
    """Forget all of a stretch; return how many batches that took."""
    batches = 0
    while batch := next_batch(reader, span):
        drop(ledger, batch)
        batches += 1
    return batches


@pytest.fixture
def three_days(services: dict[Service, Ledger], boot: int) -> dict[Service, Ledger]:
    """An upload an hour, all judged, with traffic, sounds and coverage; the wall clock is EPOCH ahead."""
    hours = [hour * HOUR for hour in range(72)]
    services[Service.CAPTURE].write(
        boot,
        [
            Correction(0.0, EPOCH, synchronised=True),
            Device(1.0, ECHO, "amazon-echo", None, None, None, 0.9, ()),
            *(fact for at in hours for fact in (announced(at), completed(at), Coverage(at, at + HOUR, CAPTURE))),
            *(Traffic(minute * 60.0, ECHO, Role.VOICE, 1, 1, 1) for minute in range(72 * 60)),
        ],
    )
    services[Service.EARS].write(
        boot, [fact for at in hours for fact in (Speech(at, at + 9, "hall"), Coverage(at, at + HOUR, "hall"))]
    )
    services[Service.HUB].write(boot, [verdict(completed(at)) for at in hours])
    return services


SECOND_DAY = Span(EPOCH + DAY, EPOCH + 2 * DAY)


def test_nothing_of_a_forgotten_day_is_left(three_days: dict[Service, Ledger], reader: Reader) -> None:
    """All that was of that day is gone, and nothing of the days around it; nothing claims to have watched then."""
    assert forget(three_days[Service.HUB], reader, SECOND_DAY) > 3
    assert [upload.started_at // DAY for _, upload in reader.facts(UPLOAD)].count(1.0) == 0
    assert len(reader.facts(UPLOAD)) == 2 * 48
    assert len(reader.facts(VERDICT)) == len(reader.facts(SPEECH)) == 48
    assert {stretch.time // DAY for _, stretch in reader.facts(COVERAGES[Service.CAPTURE])} == {0.0, 2.0}
    assert reader.rows("SELECT count(*) FROM traffic") == [(48 * 60,)]
    assert unjudged(reader) == {}


def test_a_batch_is_small(three_days: dict[Service, Ledger], reader: Reader) -> None:
    """No transaction is longer than one of LEDGER_FORGETS_ROWS rows of one table."""
    ledger = three_days[Service.HUB]
    while batch := next_batch(reader, Span(0.0, 2 * EPOCH)):
        assert len(batch.ids) <= LEDGER_FORGETS_ROWS
        drop(ledger, batch)


def test_everything_goes_but_what_says_which_devices_are_there(
    three_days: dict[Service, Ledger], reader: Reader, boot: int
) -> None:
    """With all time forgotten the clock and the newest word on each speaker stay, and this boot."""
    forget(three_days[Service.HUB], reader, Span(0.0, 2 * EPOCH))
    clear(three_days[Service.HUB], Span(0.0, 2 * EPOCH), boot)
    left = {table.name: len(reader.facts(table)) for table in TABLES if reader.facts(table)}
    assert left == {CLOCK.name: 1, DEVICE.name: 1}
    assert reader.rows("SELECT id FROM boot") == [(boot,)]


def test_what_was_forgotten_is_noted(services: dict[Service, Ledger], reader: Reader) -> None:
    """The stretch stays known, once, however often it is noted."""
    for _ in range(2):
        note_forgotten(services[Service.HUB], SECOND_DAY, EPOCH + 9 * DAY)
    note_forgotten(services[Service.HUB], SECOND_DAY, EPOCH + 10 * DAY)
    assert forgotten(reader) == [SECOND_DAY]


def test_ids_grow_over_what_was_forgotten(three_days: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """A new row never has the id of one that is gone, and whoever follows the ledger sees it once."""
    follower = Follower(reader, boot)
    follower.new()
    last = reader.last(UPLOAD)
    forget(three_days[Service.HUB], reader, Span(0.0, 2 * EPOCH))
    three_days[Service.CAPTURE].write(boot, [announced(4 * DAY)])
    assert [id_ for id_, _ in reader.facts(UPLOAD)] == [last + 1]
    assert follower.new() == [announced(4 * DAY)]
    three_days[Service.CAPTURE].write(boot, [completed(4 * DAY)])
    assert [id_ for id_, _ in reader.facts(UPLOAD)] == [last + 1, last + 2]
    assert follower.new() == [completed(4 * DAY)]


def test_a_boot_of_which_nothing_is_left_goes(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """With the last fact of an earlier boot its clock and its name go; others stay."""
    earlier = services[Service.CAPTURE].begin("earlier", 0.0)
    services[Service.CAPTURE].write(earlier, [Correction(0.0, EPOCH, synchronised=True), announced(5.0)])
    services[Service.CAPTURE].write(boot, [Correction(0.0, EPOCH + DAY, synchronised=True), announced(5.0)])
    forget(services[Service.HUB], reader, Span(EPOCH, EPOCH + HOUR))
    clear(services[Service.HUB], Span(EPOCH, EPOCH + HOUR), boot)
    assert reader.rows("SELECT id FROM boot") == [(boot,)]
    assert len(reader.facts(UPLOAD)) == len(reader.facts(CLOCK)) == 1


def test_nothing_of_it_is_left_in_the_files(path: Path) -> None:
    """After the last batch neither the ledger nor its log hold the name that was forgotten."""
    with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as capture:
        boot = capture.begin("boot", 0.0)
        capture.write(boot, [announced(5.0, "aunt-marys-phone"), announced(DAY)])
        with closing(open_ledger(path, service=Service.HUB, now=0.0)) as hub:
            with closing(hub.reader()) as reader:
                forget(hub, reader, Span(0.0, HOUR))
            clear(hub, Span(0.0, HOUR), boot)
        files = [file.read_bytes() for file in path.parent.iterdir()]
    assert not any(b"aunt-marys" in content for content in files)


def test_a_ledger_that_cannot_be_written_says_so(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """A batch that fails is not done in part."""
    services[Service.CAPTURE].write(boot, [announced(5.0)])
    batch = next_batch(reader, Span(0.0, HOUR))
    assert batch is not None
    services[Service.HUB]._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(LedgerError, match="may not be written"):
        drop(services[Service.HUB], batch)
    assert len(reader.facts(UPLOAD)) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.lists(st.floats(0, 1_000), max_size=12),
    corrections=st.lists(st.tuples(st.floats(0, 1_000), st.floats(-500, 500)), max_size=3),
    span=st.tuples(st.floats(-500, 1_500), st.floats(-500, 1_500)),
)
def test_what_is_forgotten_is_what_the_wall_clock_says(
    tmp_path_factory: pytest.TempPathFactory,
    times: list[float],
    corrections: list[tuple[float, float]],
    span: tuple[float, float],
) -> None:
    """Whatever happened to the clock: gone are the uploads that the view of wall-clock time puts into the stretch."""
    path = tmp_path_factory.mktemp("wall") / "ledger.sqlite"
    with (
        closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as capture,
        closing(open_ledger(path, service=Service.HUB, now=0.0)) as hub,
        closing(hub.reader()) as reader,
    ):
        boot = capture.begin("boot", 0.0)
        capture.write(boot, [Correction(at, offset, synchronised=True) for at, offset in corrections])
        capture.write(boot, [announced(at) for at in times])
        view = (
            "SELECT upload.id FROM upload JOIN span USING (boot) WHERE since <= started_at AND started_at < until "
            "AND NOT (started_at >= ? - offset AND started_at < ? - offset) ORDER BY upload.id"
        )
        stay = reader.rows(view, span)
        forget(hub, reader, Span(*span))
        assert reader.rows("SELECT id FROM upload ORDER BY id") == stay
