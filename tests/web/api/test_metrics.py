# SPDX-License-Identifier: GPL-2.0-or-later
import sqlite3
from contextlib import closing

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from appliance.diary.entries import entries
from appliance.events import Service
from appliance.ledger import open_ledger
from appliance.ledger.rows import VERDICT
from web.api.metrics import Tally
from web.house import House


def figures(client: FlaskClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return every sample by its name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_figures_can_be_read(measuring: FlaskClient, house: House) -> None:
    """A monitoring system reads them: verdicts are those of the ledger, frames those of the capture."""
    found = figures(measuring)
    with house.reader() as reader:
        final = [each for each in entries(reader) if each.verdict.final]
    verdicts = {name: value for name, value in found.items() if name[0] == "earwitness_verdicts_total"}
    assert sum(verdicts.values()) == len(final)
    assert found["earwitness_frames_total", ()] > 1000
    assert found["earwitness_frames_lost_total", ()] == 0
    assert found["earwitness_service_up", (("service", "capture"),)] == 0
    assert found["earwitness_covered_until_timestamp_seconds", (("source", "capture"),)] > 1e9
    assert found["earwitness_speakers_watched", ()] > 0


def test_a_token_of_its_own(measuring: FlaskClient, reading: FlaskClient, visitor: FlaskClient) -> None:
    """The token of the metrics opens nothing else, and others do not open the metrics; problems are problems."""
    assert measuring.get("/api/v1/status").status_code == 403
    assert measuring.get("/").status_code == 403
    assert reading.get("/metrics").status_code == 403
    assert visitor.get("/metrics").content_type == "application/problem+json"


def test_what_is_forgotten_stays_counted(house: House) -> None:
    """Counters never go down: verdicts that the ledger forgets were there, and new ones add to them."""
    tally = Tally()
    before = tally.count(house)
    with house.reader() as reader:
        *_, (_, verdict) = reader.facts(VERDICT, "WHERE final ORDER BY id")
    with closing(sqlite3.connect(house.settings.paths.ledger)) as ledger, ledger:
        ledger.execute("DELETE FROM verdict")
    assert tally.count(house) == before
    hub = open_ledger(house.settings.paths.ledger, service=Service.HUB, now=0.0)
    hub.write(hub.begin("later", 0.0), [verdict])
    hub.close()
    key = (verdict.verdict, verdict.tell)
    assert tally.count(house) == {**before, key: before[key] + 1}
