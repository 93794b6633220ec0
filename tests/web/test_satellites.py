# SPDX-License-Identifier: GPL-2.0-or-later
"""The doors through which satellites come, of an application whose receiver is at work."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appliance.certificates import home_certificates
from appliance.clocks import this_boot
from appliance.commands.services import opened_in
from appliance.events import Service
from appliance.limits import ATTEMPTS
from appliance.satellites.messages import Answer, Report, Welcome
from appliance.satellites.receiver import Receiver
from web.app import create_app
from web.house import House

PATH = "/api/v1/satellites"
RUN = "0123456789abcdef"
HTTPS = "https://localhost"


@pytest.fixture
def receiver(house: House) -> Iterator[Receiver]:
    boot = this_boot(house.settings.paths.run)
    receiver = Receiver(house.settings, house.rules, boot, partial(opened_in, house.settings, Service.EARS, boot))
    receiver.start()
    with closing(receiver):
        yield receiver


@pytest.fixture
def door(house: House, receiver: Receiver) -> FlaskClient:
    """Whoever comes, over HTTPS and without a browser."""
    app: Flask = create_app(replace(house, satellites=receiver))
    return app.test_client()


def come(door: FlaskClient, path: str, body: str, token: str = "", base: str = HTTPS) -> TestResponse:
    """Send a body as a satellite does."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    kind = {"content_type": "application/json"}
    return door.post(PATH + path, data=body, headers=headers, base_url=base, **kind)


def paired(door: FlaskClient, receiver: Receiver) -> str:
    secret = receiver.roster.invite(receiver._boot.id, receiver.now)
    said = come(door, "/pair", f'{{"secret": "{secret}", "name": "bedroom"}}')
    assert said.status_code == 200, said.text
    return Welcome.model_validate_json(said.data).token


def test_a_satellite_comes_and_tells(door: FlaskClient, receiver: Receiver) -> None:
    """With the secret it gets a token, with the token its report is taken."""
    token = paired(door, receiver)
    said = come(door, "/facts", Report(run=RUN, first=1).model_dump_json(), token)
    answer = Answer.model_validate_json(said.data)
    assert (answer.boot, answer.next) == (receiver._boot.id, 1)


def test_nobody_else_tells(door: FlaskClient, receiver: Receiver) -> None:
    """Without a token, with a wrong one, with that of a program or a browser's session: nothing is taken."""
    paired(door, receiver)
    report = Report(run=RUN, first=1).model_dump_json()
    assert come(door, "/facts", report).status_code == 401
    assert come(door, "/facts", report, "0" * 64).status_code == 401
    receiver.roster.revoke("bedroom")
    assert "pair it anew" in come(door, "/facts", report, "0" * 64).json["detail"]  # type: ignore[index]


def test_a_token_opens_nothing_else(door: FlaskClient, receiver: Receiver) -> None:
    """A satellite's token is none of the API's."""
    said = door.get("/api/v1/uploads", headers={"Authorization": f"Bearer {paired(door, receiver)}"}, base_url=HTTPS)
    assert said.status_code == 401


@pytest.mark.parametrize("path", ["/pair", "/facts"])
def test_secrets_come_over_https_alone(door: FlaskClient, path: str) -> None:
    """Over plain HTTP nothing is taken: others could read it."""
    assert come(door, path, "{}", base="http://localhost").status_code == 403


@pytest.mark.parametrize("body", ["", "[]", "{", '{"secret": 1}', '{"sound": "UklGRg=="}', "[" * 20_000])
@pytest.mark.parametrize("path", ["/pair", "/facts"])
def test_whatever_is_sent(door: FlaskClient, receiver: Receiver, path: str, body: str) -> None:
    """What is no message is refused, in words."""
    said = come(door, path, body, paired(door, receiver))
    assert said.status_code == 400
    assert said.json
    assert said.json["detail"]


def test_guessing_is_limited(door: FlaskClient, receiver: Receiver) -> None:
    """However many invitations there are, a machine that tries secrets is slowed down."""
    for _ in range(ATTEMPTS):
        receiver.roster.invite(receiver._boot.id, receiver.now)
        assert come(door, "/pair", '{"secret": "0123456789", "name": "bedroom"}').status_code == 403
    assert come(door, "/pair", '{"secret": "0123456789", "name": "bedroom"}').status_code == 429


def test_the_authority_is_for_everybody(door: FlaskClient, house: House) -> None:
    """Its certificate is given to whoever asks; the keys beside it are not."""
    assert door.get(f"{PATH}/authority", base_url=HTTPS).status_code == 404
    folder = house.settings.paths.certificates
    made = home_certificates(folder, [], [], house.now())
    said = door.get(f"{PATH}/authority", base_url=HTTPS)
    assert (said.status_code, said.data) == (200, made.ca_path.read_bytes())


def test_a_hub_without_satellites(app: Flask) -> None:
    """Where nobody takes reports, there is no such door."""
    assert come(app.test_client(), "/facts", "{}", "0" * 64).status_code == 404
