# SPDX-License-Identifier: GPL-2.0-or-later
"""The description is checked against the API that runs, both ways."""

import re
import shutil
from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import EngineFinished, ScenarioFinished

from appliance.diary.entries import entries
from tests.web.conftest import house_in
from web.accounts import Scope
from web.app import create_app
from web.house import House

#: The stream has no end, so its answers are tried in test_events.py.
ENDLESS = "/api/v1/events"
CONFIG = {
    "generation": {"deterministic": True, "max-examples": 10, "database": "none"},
    "phases": {"stateful": {"enabled": False}},
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
    headers = {"Authorization": f"Bearer {token}"}
    app = create_app(furnished)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config, headers=headers)
    config.projects.default.update(headers=headers)
    tried = schema.exclude(path=[ENDLESS, "/metrics"])
    done = [each for each in from_schema(tried).execute() if isinstance(each, ScenarioFinished | EngineFinished)]
    assert isinstance(done[-1], EngineFinished)
    assert [f"{each.operation}: {each.title}: {each.message}" for each in done[-1].failures] == []
    assert sum(isinstance(each, ScenarioFinished) for each in done) > 20


def test_every_route_is_described(app: Flask, control: FlaskClient) -> None:
    """Each route of the API, with each method, is in the description, and nothing else is."""
    assert isinstance(app, OpenAPI)
    told = control.get("/api/v1/openapi.json").get_json()["paths"]
    there = {
        (re.sub(r"<(?:[^<:]+:)?([^>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule == "/metrics"
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
