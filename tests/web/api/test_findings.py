# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient

from appliance.events import Correction, Evidence, Finding, Service
from appliance.ledger import open_ledger
from web.house import House


def test_what_limited_the_witness(reading: FlaskClient, house: House) -> None:
    """A finding is told as it began and as it ended, in wall-clock time, with its figures, by who found it."""
    began = Finding(100.0, None, Service.HUB, "port-down", "eth0", "The port is down.", (Evidence("a", 1, "b"),))
    ended = Finding(100.0, 160.0, Service.HUB, "port-down", "eth0", "The port is down.")
    for service, facts in (
        (Service.CAPTURE, [Correction(0.0, 1_800_000_000.0, synchronised=True)]),
        (Service.HUB, [began, ended]),
    ):
        ledger = open_ledger(house.settings.paths.ledger, service=service, now=0.0)
        ledger.write(ledger.begin("later", 0.0), facts)
        ledger.close()
    told = reading.get("/api/v1/findings?since=1800000000").get_json()["items"]
    assert [(each["started_at"], each["ended_at"]) for each in told] == [
        (1_800_000_100.0, 1_800_000_160.0),
        (1_800_000_100.0, None),
    ]
    assert told[1]["figures"] == [{"key": "a", "value": 1, "text": "b"}]
    assert told[0]["at"] == "2027-01-15T08:01:40Z"
    assert not told[0]["simulated"]
    assert reading.get("/api/v1/findings?source=ears").get_json()["items"] == []
