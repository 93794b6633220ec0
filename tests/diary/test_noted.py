# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.diary.noted import noted
from appliance.events import Correction, Service, Wake
from appliance.ledger import Reader, open_ledger
from appliance.ledger.rows import SPEECH, WAKE, Fact

FOREVER = (0.0, 1e11)


def test_the_newest_come_first(reader: Reader) -> None:
    """All facts of a stretch come, the newest first, in wall-clock time, and marked as never having happened."""
    page = noted(reader, SPEECH, *FOREVER, 100_000)
    times = [each.fact.time for each in page.noted]
    assert len(times) == len(reader.facts(SPEECH)) > 10
    assert times == sorted(times, reverse=True)
    assert page.until is None
    assert all(each.simulated for each in page.noted)
    middle = times[len(times) // 2]
    assert [each.fact.time for each in noted(reader, SPEECH, middle, 1e11, 100_000).noted] == [
        time for time in times if time >= middle
    ]


def written(path: Path, boots: list[tuple[float, list[float]]]) -> None:
    """Write a ledger in which each boot heard words at some times, and has its clock set by an offset."""
    for number, (offset, times) in enumerate(boots):
        writers: tuple[tuple[Service, list[Fact]], ...] = (
            (Service.CAPTURE, [Correction(0.0, offset, synchronised=True)]),
            (Service.EARS, [Wake(time, "kitchen", "alexa", 0.9) for time in times]),
        )
        for service, facts in writers:
            ledger = open_ledger(path, service=service, now=0.0)
            ledger.write(ledger.begin(f"boot {number}", 0.0), facts)
            ledger.close()


Times = st.lists(st.integers(1, 8).map(float), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    boots=st.lists(st.tuples(st.sampled_from([0.0, 0.1, 5.3]), Times), min_size=1, max_size=3), size=st.integers(1, 4)
)
def test_page_after_page_each_comes_once(
    tmp_path_factory: pytest.TempPathFactory, boots: list[tuple[float, list[float]]], size: int
) -> None:
    """Asked for page after page each fact comes once, however many are of one time, and whatever clocks showed.

    But for those of one time of which there are more than a page holds: there is no getting at the rest of them.
    """
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    written(path, boots)
    every = sorted((time + offset for offset, times in boots for time in times), reverse=True)
    reader, heard = Reader(path), []
    until: float | None = FOREVER[1]
    while until is not None:
        page = noted(reader, WAKE, 0.0, until, size)
        heard += [each.fact.time for each in page.noted]
        assert len(page.noted) <= size
        until = page.until
    reader.close()
    assert heard == [time for at, time in enumerate(every) if every[:at].count(time) < size]
