# SPDX-License-Identifier: GPL-2.0-or-later
"""The description is checked against the API that runs, both ways."""

import re
import shlex
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import EngineEvent, FatalError, NonFatalError, ScenarioFinished

from appliance.diary.entries import entries
from tests.conftest import ROOT
from tests.web.conftest import house_in
from web.accounts import Scope
from web.app import create_app
from web.house import House
from web.news import _TOLD
from web.stream import MISSED

#: The stream has no end, so its answers are tried in test_events.py.
ENDLESS = "/api/v1/events"
#: What only our own satellites say and are told is no part of the API (docs/satellites.md).
OURS = "/api/v1/satellites/"
CONFIG = {
    "generation": {"deterministic": True, "max-examples": 6, "database": "none"},
    "phases": {"stateful": {"enabled": False}},
    # it wants a client that follows redirects; who may come in is what test_gate.py tries on every route
    "checks": {"ignored_auth": {"enabled": False}},
    # what is a name, or a time zone, no pattern can say
    "operations": [
        {"include-path": path, "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]}}}
        for path in ("/api/v1/devices/{device}", "/api/v1/rooms", "/api/v1/ears/{ear}", "/api/v1/household")
    ],
}


@pytest.fixture(scope="module")
def furnished(lived: Path, accounts_file: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house in which programs may do what they like."""
    folder = tmp_path_factory.mktemp("described") / "house"
    shutil.copytree(lived, folder)
    shutil.copy(accounts_file, folder / "state")
    return house_in(folder)


@pytest.mark.parametrize("known", [True, False], ids=["what-is-there", "whatever"])
def test_the_api_is_as_it_says(furnished: House, known: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Whatever is asked, right or wrong: the answer is one that the description knows, and is made as it says."""
    token = furnished.accounts.tokens.add(f"schemathesis {known}", Scope.CONTROL, furnished.now())
    with furnished.reader() as reader:
        device = furnished.registry.inventory.devices[0].mac
        there = {"path.id": entries(reader)[0].id, "path.device": device, "path.date": "2026-06-14"}
    config = SchemathesisConfig.from_dict({**CONFIG, "parameters": there if known else {}})
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    app = create_app(furnished)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config, headers=headers)
    config.projects.default.update(headers=headers)
    tried = schema.exclude(path=[ENDLESS, "/metrics"])
    told = list(from_schema(tried).execute())
    assert sorted(set(wrong(told))) == []
    assert len({each.recorder.label for each in told if isinstance(each, ScenarioFinished)}) > 20


def wrong(told: Iterable[EngineEvent]) -> Iterator[str]:
    """Yield what Schemathesis found."""
    for each in told:
        if isinstance(each, ScenarioFinished):
            for checks in each.recorder.checks.values():
                yield from (f"{each.recorder.label}: {c.failure_info.failure}" for c in checks if c.failure_info)
        elif isinstance(each, NonFatalError):
            yield f"{each.label}: {each.value}"
        elif isinstance(each, FatalError):
            yield str(each.exception)


def test_every_route_is_described(app: Flask, control: FlaskClient) -> None:
    """Each route of the API, with each method, is in the description, and nothing else is."""
    assert isinstance(app, OpenAPI)
    told = control.get("/api/v1/openapi.json").get_json()["paths"]
    there = {
        (re.sub(r"<(?:[^<:]+:)?([^>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if (rule.rule.startswith("/api/") and not rule.rule.startswith(OURS)) or rule.rule == "/metrics"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, methods in told.items() for method in methods} == there


def test_people_can_read_it(owner: FlaskClient) -> None:
    """The page tells of every path, without any script of its own."""
    told = owner.get("/api/v1/openapi.json").get_json()
    page = owner.get("/api/v1/")
    assert page.mimetype == "text/html"
    assert all(path in page.text for path in told["paths"])
    assert "<script>" not in page.text
    assert "style=" not in page.text


DOCUMENT = (ROOT / "docs/api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^curl .*", DOCUMENT, flags=re.MULTILINE)


@dataclass(frozen=True)
class Command:
    """What a curl command of the documentation asks for."""

    method: str
    address: str
    headers: dict[str, str]
    body: str | None

    @classmethod
    def of(cls, line: str, tokens: dict[str, str]) -> "Command":
        """Read it; what stands for a token is filled in."""
        words = shlex.split(line)
        said = {flag: [words[at + 1] for at, word in enumerate(words) if word == flag] for flag in ("-X", "-H", "-d")}
        headers = dict(header.split(": ", 1) for header in said["-H"])
        headers = {name: re.sub(r"\$(\w+)", lambda found: tokens[found[1]], value) for name, value in headers.items()}
        body = said["-d"][0] if said["-d"] else None
        return cls((said["-X"] or ["GET"])[0], words[-1].removeprefix("http://earwitness.local"), headers, body)


def test_the_commands_of_the_documentation_work(app: Flask, house: House) -> None:
    """Typed in their order, each curl command of docs/api.md is answered with what was asked for."""
    tokens = {
        name: house.accounts.tokens.add(name, scope, house.now())
        for name, scope in (("TOKEN", Scope.CONTROL), ("METRICS_TOKEN", Scope.METRICS))
    }
    device = house.registry.inventory.devices[0].mac
    client = app.test_client()
    for line in COMMANDS:
        command = Command.of(line.replace("02:00:00:00:00:12", device), tokens)
        with client.open(
            command.address, method=command.method, headers=command.headers, data=command.body, buffered=False
        ) as answer:
            assert answer.status_code in {200, 204}, line
    assert len(COMMANDS) > 15


def test_the_documentation_names_everything(control: FlaskClient, measuring: FlaskClient) -> None:
    """Each path of the API, each metric and each kind of event is in docs/api.md."""
    told = control.get("/api/v1/openapi.json").get_json()["paths"]
    places = {re.sub(r"/\{.*", "", path.removeprefix("/api/v1")) for path in told} - {"/"}
    assert {place for place in places if place not in DOCUMENT} == set()
    metrics = {line.split()[2] for line in measuring.get("/metrics").text.splitlines() if line.startswith("# TYPE")}
    assert {name for name in metrics - {"earwitness_info"} if name not in DOCUMENT} == set()
    kinds = {kind for _, kind, _ in _TOLD} | {"verdict", "status", MISSED}
    assert {kind for kind in kinds if f"`{kind}`" not in DOCUMENT} == set()
