# SPDX-License-Identifier: GPL-2.0-or-later
import threading
import time as clock
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from appliance.jobs import schedule as scheduling
from appliance.jobs.job import DAY_S, Daily, Every, Job
from appliance.jobs.records import Records
from appliance.jobs.schedule import Schedule
from appliance.limits import JOB_LATE_S


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "jobs.json")


def job(run: object = lambda: "done", name: str = "a") -> Job:
    return Job(name, "Something", Daily(time(4)), run)  # type: ignore[arg-type] # a function, as the tests give it


def test_a_job_is_done_and_noted(records: Records) -> None:
    """When, for how long, and what came of it."""
    found = Schedule([job()], records, None, 0.0).run("a")
    assert records.of("a") == found
    assert (found.well, found.words) == (True, "done")
    assert found.at == pytest.approx(clock.time(), abs=60)


def test_a_job_that_fails_is_noted_and_stops_nothing(records: Records) -> None:
    """Whatever it raises is what came of it."""

    def fails() -> str:
        raise OSError(28, "No space left on device")

    found = Schedule([job(fails)], records, None, 0.0).run("a")
    assert (found.well, found.words) == (False, "[Errno 28] No space left on device")


def test_jobs_run_by_themselves(records: Records) -> None:
    """At its time a job is done, again and again, in a thread of its own."""
    ran = threading.Semaphore(0)

    def run() -> str:
        ran.release()
        return threading.current_thread().name

    schedule = Schedule([Job("a", "A", Every(0.05), run)], records, None, 0.0)
    schedule.open()
    with closing(schedule):
        for _ in range(3):
            assert ran.acquire(timeout=30)
        (record,) = schedule.all()
        assert record.next is not None


def test_a_job_that_runs_is_asked_to_end(records: Records) -> None:
    """The schedule that ends tells it so: the process waits for its threads."""
    begun, over = threading.Event(), threading.Event()

    def run() -> str:
        begun.set()
        return f"{over.wait(30)}"

    schedule = Schedule([Job("a", "A", Every(0.05), run, over.set)], records, None, 0.0)
    schedule.open()
    assert begun.wait(30)
    schedule.close()
    until = clock.monotonic() + 30
    while (found := records.of("a")) is None or not found.words:
        assert clock.monotonic() < until
    assert found.words == "True"


def test_a_missed_job_is_known(records: Records) -> None:
    """One that should have been done twice by now, and was not, is missed; also one that never ran."""
    schedule = Schedule([job()], records, None, 1000.0)
    late = 2 * DAY_S + JOB_LATE_S
    assert schedule.missed(1000.0 + late) == []
    assert [each.name for each in schedule.missed(1001.0 + late)] == ["a"]
    found = schedule.run("a")
    assert found.at is not None
    assert schedule.missed(found.at + late) == []
    assert len(schedule.missed(found.at + late + 1)) == 1


def test_a_job_that_failed_counts_as_missed(records: Records) -> None:
    """What was tried and did not come off was not done, until it does."""
    room: list[str] = []

    def run() -> str:
        return room.pop()  # an IndexError while there is none

    schedule = Schedule([job(run)], records, None, clock.time())
    schedule.run("a")
    assert [each.name for each in schedule.missed(clock.time())] == ["a"]
    room.append("done")
    schedule.run("a")
    assert schedule.missed(clock.time()) == []


def test_a_restart_forgets_nothing(records: Records) -> None:
    """What ran before is known, and a job that is new is not missed yet."""
    Schedule([job()], records, None, 0.0).run("a")
    schedule = Schedule([job(), job(name="b")], records, None, clock.time())
    assert {each.name: each.at is not None for each in schedule.all()} == {"a": True, "b": False}
    assert schedule.missed(clock.time()) == []


def test_a_clock_that_was_put_back_delays_nothing(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that was planned by a clock a year ahead is done at its next time by the clock as it is now."""
    monkeypatch.setattr(scheduling, "JOB_LOOK_S", 0.05)
    schedule = Schedule([job()], records, None, clock.time())
    schedule.open()
    with closing(schedule):
        schedule._scheduler.modify_job("a", next_run_time=datetime.now(UTC) + timedelta(days=365))
        schedule._offset += 365 * DAY_S
        until = clock.monotonic() + 30
        while (planned := schedule.all()[0].next) is None or planned > clock.time() + DAY_S:
            assert clock.monotonic() < until
