# SPDX-License-Identifier: GPL-2.0-or-later
import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from appliance.events import Service, Tell
from appliance.household import Channel, Secrets
from appliance.ledger import open_ledger
from appliance.ledger.rows import VERDICT
from appliance.notify.office import Office
from appliance.notify.premises import Premises
from tests.notify.receiver import Receiver
from web.app import create_app
from web.house import House


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def told(house: House, receiver: Receiver) -> Iterator[tuple[FlaskClient, Office]]:
    """The dashboard of a house that tells a telephone what happens."""
    house.household.add("channels", Channel(id="phone", kind="ntfy", name="Phone"))
    Secrets(house.settings.paths.secrets).put("phone", {"topic": "t", "server": receiver.url})
    premises = Premises(house.settings.paths, house.rules.alerts, house.registry, house.household)
    with closing(Office(premises, "http://localhost")) as office:
        office.open()
        yield create_app(replace(house, office=office)).test_client(), office


def happens(house: House) -> None:
    """Have the last upload happen again, now, and nobody asked for it."""
    with house.reader() as reader:
        verdict = next(each for _, each in reversed(reader.facts(VERDICT)) if each.upload)
    now = time.time()
    assert verdict.upload
    again = replace(verdict, time=now, tell=Tell.ALERT, upload=replace(verdict.upload, started_at=now, ended_at=now))
    with closing(open_ledger(house.settings.paths.ledger, service=Service.HUB, now=now)) as ledger:
        ledger.write(ledger.begin("now", 0.0), [again])


def links(receiver: Receiver) -> list[str]:
    (request,) = receiver.wait(1)
    return [each["url"].removeprefix("http://localhost") for each in json.loads(request.body)["actions"]]


def test_a_button_of_a_message_works_once(told: tuple[FlaskClient, Office], house: House, receiver: Receiver) -> None:
    """A telephone's button needs no login, does what it says, and then nothing more."""
    page, _ = told
    happens(house)
    _, hush, _ = links(receiver)
    assert page.post(hush).status_code == 204
    assert len(house.household.choices.snoozes) == 1
    assert page.post(hush).status_code == 410


def test_looking_at_a_link_does_nothing(told: tuple[FlaskClient, Office], house: House, receiver: Receiver) -> None:
    """A page asks first, and what looks at links ahead of people changes nothing; the answer is a page again."""
    page, _ = told
    happens(house)
    seen, _, _ = links(receiver)
    for _ in range(2):
        assert "works once" in page.get(seen).get_data(as_text=True)
    assert page.post(seen, headers={"Accept": "text/html"}).status_code == 200
    assert page.get(seen).status_code == 410


@pytest.mark.parametrize("link", ["x", "AAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_link_of_nobodys(told: tuple[FlaskClient, Office], link: str) -> None:
    """What is not ours leads to a page that says so, and does nothing."""
    page, _ = told
    assert page.get(f"/errands/{link}").status_code == 410
    assert page.post(f"/errands/{link}").status_code == 410


def test_a_house_that_tells_nobody(house: House) -> None:
    """Without alerts there are no such links."""
    assert create_app(house).test_client().get("/errands/x").status_code == 410
