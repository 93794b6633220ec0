# SPDX-License-Identifier: GPL-2.0-or-later
from flask.testing import FlaskClient

from appliance.ledger.rows import TRAFFIC
from appliance.limits import API_STEPS
from web.house import House


def test_traffic_by_role(reading: FlaskClient, house: House) -> None:
    """A day adds up to what the ledger has, by device and role; of one device only its own."""
    day = reading.get("/api/v1/days").get_json()["first"]
    query = {"since": f"{day}T00:00:00Z", "until": f"{day}T23:59:59Z", "step": "hour"}
    told = reading.get("/api/v1/traffic", query_string=query).get_json()
    with house.reader() as reader:
        every = [fact for _, fact in reader.facts(TRAFFIC)]
    assert sum(each["bytes_up"] for each in told["items"]) == sum(each.bytes_up for each in every)
    assert sum(each["packets"] for each in told["items"]) == sum(each.packets for each in every)
    assert {each["role"] for each in told["items"]} == {each.role for each in every}
    one = told["items"][0]["device"]
    alone = reading.get("/api/v1/traffic", query_string={**query, "device": one}).get_json()["items"]
    assert alone == [each for each in told["items"] if each["device"] == one]


def test_no_more_than_is_told_at_once(reading: FlaskClient, house: House) -> None:
    """Of a long time the beginning is told, and where it ends; without a time, what was of late."""
    told = reading.get("/api/v1/traffic?since=0&until=2000000000&step=minute").get_json()
    assert told["until"] == API_STEPS * 60
    late = reading.get("/api/v1/traffic").get_json()
    assert late["until"] - late["since"] == API_STEPS * 3600
    assert abs(late["until"] - house.now()) < 600
