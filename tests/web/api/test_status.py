# SPDX-License-Identifier: GPL-2.0-or-later
from typing import Any

from flask.testing import FlaskClient

from appliance.clocks import read_clocks, this_boot
from appliance.events import Finding, Service
from appliance.ledger import open_ledger
from appliance.status import CaptureStatus, EarStatus, Listening, Nearly, PortStatus, write_status
from web.house import House


def test_a_replay(reading: FlaskClient) -> None:
    """Of a replay that is over: what it saw, in wall-clock time of its own, that it never happened, and is over."""
    told = reading.get("/api/v1/status").get_json()
    assert told["simulated"] is True
    assert told["capture"]["placement"] == "replay"
    assert told["capture"]["packets"] > 1000
    assert told["capture"]["last_packet"] <= told["capture"]["covered_until"] + 60
    assert told["judged_until"] >= told["capture"]["last_packet"] - 60
    assert not any(service["running"] for service in told["services"])


def test_a_house_that_is_watched(reading: FlaskClient, house: House) -> None:
    """Of services that run: ports, losses, ears with their levels, and what is wrong, by the clock on the wall."""
    run = house.settings.paths.run
    boot = this_boot(run)
    now = boot.steady(read_clocks())
    common: dict[str, Any] = {"boot": boot.id, "time": now, "started_at": now - 60, "pid": 1, "version": "1"}
    port = PortStatus(interface="eth0", present=True, up=True, carrier=True, packets=7, dropped=2)
    capture = CaptureStatus(
        **common,
        service="capture",
        state="watching",
        placement="bridge",
        watch="speakers",
        covered_since=now - 60,
        covered_until=now,
        ports=(port,),
        lost=2,
        last_packet=now - 1,
    )
    nearly = (Nearly(time=now - 2, word="echo", score=0.31),)
    ear = Listening(covered_since=now - 9, covered_until=now, level=-41.5, nearly=nearly)
    write_status(run, capture)
    write_status(run, EarStatus(**common, service="ears", state="listening", ears={"kitchen-mic": ear}))
    ledger = open_ledger(house.settings.paths.ledger, service=Service.HUB, now=0.0)
    finding = Finding(now - 30, None, Service.HUB, "disk-full", None, "The disk is full.")
    ledger.write(ledger.begin(boot.id, boot.anchor / 1e9), [finding])
    ledger.close()
    told = reading.get("/api/v1/status").get_json()
    assert told["simulated"] is False
    assert {each["service"]: each["running"] for each in told["services"]}["capture"] is True
    assert told["capture"]["ports"] == [port.model_dump()]
    assert told["capture"]["lost"] == 2
    assert abs(told["capture"]["last_packet"] - told["time"]) < 600
    assert [(each["ear"], each["level"]) for each in told["ears"]] == [("kitchen-mic", -41.5)]
    assert told["ears"][0]["nearly"] == [{"time": told["ears"][0]["covered_until"] - 2, "word": "echo", "score": 0.31}]
    german = reading.get("/api/v1/status", headers={"Accept-Language": "de"}).get_json()
    assert (german["ears"][0]["state"], german["ears"][0]["text"]) == ("listening", "hört zu")
    assert [(each["kind"], each["ended_at"]) for each in told["findings"]] == [("disk-full", None)]
    assert "The disk is full." in {each["text"] for each in told["troubles"]}


def test_nothing_runs(reading: FlaskClient, house: House) -> None:
    """Where no service ever said anything, that is said."""
    for path in house.settings.paths.run.iterdir():
        path.unlink()
    told = reading.get("/api/v1/status").get_json()
    assert told["capture"] is None
    assert [each["state"] for each in told["services"]] == [None, None, None]
    assert told["mood"] == "alert"
