# SPDX-License-Identifier: GPL-2.0-or-later
import json
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from threading import Thread
from typing import Any

import pytest
from cheroot.wsgi import Server
from flask import Flask
from flask.testing import FlaskClient

from appliance.events import Service
from appliance.ledger import open_ledger
from appliance.ledger.rows import VERDICT
from appliance.limits import STREAMS
from web.accounts import Scope
from web.api.events import stream_of
from web.house import House
from web.news import Reporter


def test_the_stream_is_full(app: Flask, reading: FlaskClient) -> None:
    """When as many listen as may, the next is told when to come back, as a problem."""
    stream = stream_of(app.extensions)
    listeners = [stream.listen() for _ in range(STREAMS)]
    refused = reading.get("/api/v1/events")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "10"
    assert refused.get_json()["status"] == 503
    stream.leave(listeners[0])
    with reading.get("/api/v1/events", buffered=False) as heard:
        assert heard.status_code == 200
        assert heard.mimetype == "text/event-stream"
        assert heard.headers["Cache-Control"] == "no-store"
        assert len(stream) == STREAMS
    assert len(stream) == STREAMS - 1


def test_who_may_not_any_more_hears_no_more(app: Flask, house: House, reading: FlaskClient) -> None:
    """A stream ends with the next word when its token is revoked."""
    stream = stream_of(app.extensions)
    with reading.get("/api/v1/events", buffered=False) as heard:
        words = iter(heard.response)
        assert b"retry" in next(words)
        stream.tell("count", "1")
        assert b"data: 1\n" in next(words)
        (token,) = (each for each in house.accounts.tokens.all() if each.name == Scope.READ)
        house.accounts.tokens.revoke(token.id)
        stream.tell("count", "2")
        assert next(words, None) is None
    assert len(stream) == 0


def test_only_who_may(app: Flask, visitor: FlaskClient) -> None:
    """Nobody hears anything without a token or a session."""
    assert visitor.get("/api/v1/events").status_code == 401
    assert len(stream_of(app.extensions)) == 0


#: Lines in which what is waited for must come: some minutes of how things are.
LINES = 1_000


def hear(answer: HTTPResponse, kind: str) -> tuple[str, dict[str, Any]]:
    """Read events until one of that kind; its id and data."""
    event = {"event": "", "id": "", "data": ""}
    for _ in range(LINES):
        line = answer.readline().decode()
        name, _, value = line.rstrip("\n").partition(": ")
        if name in event:
            event[name] = value
        if not line.strip():
            if event["event"] == kind:
                return event["id"], json.loads(event["data"])
            event = dict.fromkeys(event, "")
        if not line:
            break
    pytest.fail(f"no {kind} was told")


def test_what_happens_is_heard(app: Flask, house: House) -> None:
    """Over a real connection: how things are, a verdict as it is judged, and after a break what was missed."""
    token = house.accounts.tokens.add("listening", Scope.READ, house.now())
    with house.reader() as reader:
        (_, verdict), *_ = reader.facts(VERDICT, "WHERE upload IS NOT NULL AND final ORDER BY id")
    server = Server(("127.0.0.1", 0), app, numthreads=4, server_name="localhost")
    server.prepare()
    serving = Thread(target=server.serve)
    reporter = Reporter(app, house)
    serving.start()
    reporter.start()

    def listen(after: str = "") -> tuple[HTTPConnection, HTTPResponse]:
        connection = HTTPConnection("127.0.0.1", server.bind_addr[1], timeout=30)
        headers = {"Authorization": f"Bearer {token}", "Host": "localhost"}
        connection.request("GET", "/api/v1/events", headers=headers | ({"Last-Event-ID": after} if after else {}))
        return connection, connection.getresponse()

    def judge(boot: str) -> None:
        ledger = open_ledger(house.settings.paths.ledger, service=Service.HUB, now=0.0)
        ledger.write(ledger.begin(boot, 0.0), [verdict])
        ledger.close()

    try:
        connection, answer = listen()
        with closing(connection):
            assert hear(answer, "status")[1]["simulated"] is True
            judge("one")
            first, told = hear(answer, "verdict")
            assert told["verdict"]["verdict"] == verdict.verdict
            assert told["simulated"] is False
        judge("two")
        connection, answer = listen(first)
        with closing(connection):
            second, again = hear(answer, "verdict")
            assert again["id"] == told["id"] + 1
            assert int(second.rpartition("-")[2]) == int(first.rpartition("-")[2]) + 1
    finally:
        reporter.close()
        server.stop()
        serving.join()
