# SPDX-License-Identifier: GPL-2.0-or-later
import io
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import time

from flask import Flask
from flask.testing import FlaskClient

from appliance.events import Finding, Service
from appliance.jobs import Daily, Job, Records, Schedule
from appliance.ledger import open_ledger
from tests.web.conftest import VIEWER, browser_of
from web.app import create_app
from web.house import House
from web.selftest import SelfTest


def test_what_was_watched_and_what_was_not(viewer: FlaskClient, house: House) -> None:
    """Sources with their share of the day, services, ports, machine; findings once, with their end."""
    with closing(open_ledger(house.settings.paths.ledger, service=Service.HUB, now=0.0)) as ledger:
        finding = Finding(100.0, None, Service.HUB, "disk-full", None, "Only <b>3</b> bytes are free.")
        ledger.write(1, [finding, replace(finding, ended_at=160.0)])
    page = viewer.get("/health").text
    assert "Network" in page
    assert "kitchen-mic" in page
    assert "capture.pcapng" in page
    assert page.count("Only &lt;b&gt;3&lt;/b&gt; bytes are free.") == 1
    assert "Test now" not in page


def test_a_ledger_that_cannot_be_read_is_told(owner: FlaskClient, house: House) -> None:
    """The page that one opens then is there."""
    house.settings.paths.ledger.unlink()
    page = owner.get("/health")
    assert page.status_code == 200
    assert "The ledger cannot be read." in page.text


def test_the_selftest_is_started_once(owner: FlaskClient, app: Flask) -> None:
    """One at a time; while it runs the page says so, and asks for news; then what it said is there."""
    app.extensions["selftest"] = SelfTest(("sh", "-c", "cat; echo all is right"))
    assert owner.post("/health/selftest").status_code == 303
    ran = app.extensions["selftest"]
    ran.wait()
    page = owner.get("/health").text
    assert "All was right" in page
    assert "all is right" in page
    assert owner.get("/health/selftest").json == {"running": False}


def test_jobs_and_what_came_of_them(house: House) -> None:
    """Each with its last time and its words, also one that failed; what was never done yet says so."""

    def fails() -> str:
        raise OSError("the <b>disk</b> is full")

    jobs = [
        Job("copy", "Keeps a copy", Daily(time(4)), lambda: "6 files"),
        Job("sweep", "Sweeps", Daily(time(5)), fails),
        Job("sum", "Adds up", Daily(time(6)), lambda: ""),
    ]
    schedule = Schedule(jobs, Records(house.settings.paths.state / "jobs.json"), None, 0.0)
    schedule.run("copy")
    schedule.run("sweep")
    with_jobs = replace(house, schedule=schedule)
    page = browser_of(create_app(with_jobs), with_jobs, VIEWER).get("/health").text
    assert "6 files" in page
    assert "the &lt;b&gt;disk&lt;/b&gt; is full" in page
    assert "not yet" in page


def test_the_bundle_is_a_file(owner: FlaskClient, viewer: FlaskClient) -> None:
    """Owners get it; names of users are replaced in it like all others."""
    answer = owner.post("/health/bundle")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "status.json" in archive.namelist()
    assert viewer.post("/health/bundle").status_code == 403


def test_the_journal_or_why_not(owner: FlaskClient, viewer: FlaskClient) -> None:
    """Lines, or the command for whoever may read them."""
    page = owner.get("/health/journal").text
    assert "<pre" in page
    assert viewer.get("/health/journal").status_code == 403
