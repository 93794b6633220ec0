# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs jobs at their times, by APScheduler, and notes what came of each."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from threading import Event, Thread

from apscheduler.schedulers.background import BackgroundScheduler

from appliance.jobs.job import Job
from appliance.jobs.records import Record, Records
from appliance.limits import CLOCK_STEP_S, JOB_LATE_S, JOB_LOOK_S, JOB_WORDS_CHARACTERS
from appliance.serve import WARNING, say


class Schedule:
    """All jobs of one house. None runs twice at a time; times that were slept through are one."""

    def __init__(self, jobs: Sequence[Job], records: Records, zone: tzinfo | None, now: float) -> None:
        """Take the jobs, where to note what came of them, and the zone of the clock in the house (None: UTC)."""
        self._jobs = {job.name: job for job in jobs}
        self._records = records
        self._zone = zone or UTC
        records.keep_only(set(self._jobs))
        for job in jobs:
            before = records.of(job.name) or Record(name=job.name, title=job.title, known_since=now)
            records.note(before.model_copy(update={"title": job.title}))
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": int(JOB_LATE_S)},
        )

        self._over = Event()
        self._offset = time.time() - time.monotonic()
        self._clock = Thread(target=self._watch_the_clock, name="clock", daemon=True)

    def open(self) -> None:
        """Begin. The clock is looked at every JOB_LOOK_S, so that it may be set without anybody missing a job."""
        for job in self._jobs.values():
            trigger = job.when.trigger(self._zone)
            self._scheduler.add_job(partial(self._run, job), trigger, id=job.name, name=job.title)
        self._scheduler.start()
        self._clock.start()

    def close(self) -> None:
        """End; a job that runs is asked to end too, and not waited for here."""
        self._over.set()
        for job in self._jobs.values():
            job.end()
        self._scheduler.shutdown(wait=False)

    def run(self, name: str) -> Record:
        """Do a job now, whatever its time is. Raises KeyError if there is no such job."""
        return self._run(self._jobs[name])

    def all(self) -> list[Record]:
        """Return when each job ran last, and when it runs next."""
        return [record.model_copy(update={"next": self._next(record.name)}) for record in self._records.all()]

    def missed(self, now: float) -> list[Record]:
        """Return the jobs that should have been done by wall-clock time ``now`` and were not, or that failed."""
        return [record for record in self._records.all() if not record.well or self._is_missed(record, now)]

    def _watch_the_clock(self) -> None:
        """Plan all anew when the clock was set: what was planned by one that was ahead would be done in a year."""
        while not self._over.wait(JOB_LOOK_S):
            offset = time.time() - time.monotonic()
            if abs(offset - self._offset) > CLOCK_STEP_S:
                self._offset = offset
                for job in self._jobs.values():
                    self._scheduler.reschedule_job(job.name, trigger=job.when.trigger(self._zone))
            self._scheduler.wakeup()

    def _is_missed(self, record: Record, now: float) -> bool:
        period = self._jobs[record.name].when.period_s
        last = record.at if record.at is not None else record.known_since
        return now - last > 2 * period + JOB_LATE_S

    def _next(self, name: str) -> float | None:
        job = self._scheduler.get_job(name)
        planned: datetime | None = getattr(job, "next_run_time", None)
        return planned.timestamp() if planned else None

    def _run(self, job: Job) -> Record:
        at, began = time.time(), time.monotonic()
        well, words = _outcome(job.run)
        if not well:
            say(WARNING, f"the job {job.name} failed: {words}")
        record = Record(
            name=job.name,
            title=job.title,
            at=at,
            seconds=round(time.monotonic() - began, 3),
            well=well,
            words=words[:JOB_WORDS_CHARACTERS],
        )
        try:
            self._records.note(record)
        except OSError as error:
            say(WARNING, f"what came of the job {job.name} cannot be noted: {error}")
        return record


def _outcome(run: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, run()
    except Exception as error:  # noqa: BLE001 - whatever a job raises, it is noted, and the next one runs
        return False, f"{error}" or type(error).__name__
