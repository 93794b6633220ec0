# SPDX-License-Identifier: GPL-2.0-or-later
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appliance.household import Evidence
from tests.web.conftest import OWNER, PASSWORD
from web.house import House

SAFE = "https://localhost"


def test_what_is_chosen_holds(owner: FlaskClient, house: House) -> None:
    """Language, zone and what is kept are chosen; an empty field goes back to the settings file."""
    home = owner.post("/settings/home", data={"language": "de", "zone": "Europe/Berlin"})
    said = {"keep_days": "30", "traffic_days": "", "sounds_days": "5", "evidence": "none", "evidence_days": ""}
    kept = owner.post("/settings/privacy", data=said)
    assert (home.status_code, kept.status_code) == (303, 303)
    chosen = house.household.choices
    assert (chosen.home.language, chosen.home.zone) == ("de", "Europe/Berlin")
    assert (chosen.privacy.keep_days, chosen.privacy.traffic_days, chosen.privacy.sounds_days) == (30, None, 5)
    assert chosen.privacy.evidence is Evidence.NONE
    page = owner.get("/settings").text
    assert 'value="30"' in page
    assert 'placeholder="60"' in page
    owner.post("/settings/privacy", data=dict.fromkeys(said, ""))
    assert house.household.choices.privacy.keep_days is None


def test_devices_are_asked_only_if_the_owner_says_so(owner: FlaskClient, house: House) -> None:
    """Off unless it is switched on, and off again by the same form."""
    states = [house.registry.inventory.probing.allowed]
    assert owner.post("/settings/discovery", data={"allowed": "yes"}).status_code == 303
    states.append(house.registry.inventory.probing.allowed)
    assert 'name="allowed" value="yes" checked' in owner.get("/settings").text
    owner.post("/settings/discovery", data={})
    assert [*states, house.registry.inventory.probing.allowed] == [False, True, False]


@pytest.mark.parametrize(
    ("form", "data", "field"),
    [
        ("home", {"language": "", "zone": "Europe/Atlantis"}, "zone-error"),
        ("privacy", {"keep_days": "1"}, "keep_days-error"),
        ("privacy", {"sounds_days": "<script>"}, "sounds_days-error"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    owner: FlaskClient, house: House, form: str, data: dict[str, str], field: str
) -> None:
    """The form comes back as it was filled in, with a sentence at the field; nothing changes."""
    before = house.household.choices
    answer = owner.post(f"/settings/{form}", data=data)
    assert answer.status_code == 400
    assert f'id="{field}"' in answer.text
    assert "<script>" not in answer.text
    assert house.household.choices == before


def test_viewers_see_and_change_nothing(viewer: FlaskClient) -> None:
    """They are told so; fields are switched off, and what only owners may do is not shown."""
    page = viewer.get("/settings").text
    assert "Only owners can change something here." in page
    assert page.count('<fieldset class="form" disabled>') == 4
    assert "/settings/forget" not in page
    assert viewer.post("/settings/home", data={"language": "de"}).status_code == 403


def encrypted(browser: FlaskClient, form: str, address: str, **said: str) -> TestResponse:
    """Fill in the form of a page that was fetched by HTTPS."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(form, base_url=SAFE).text)
    assert token
    return browser.post(address, data={"csrf_token": token[1], **said}, base_url=SAFE, headers={"Origin": SAFE})


def test_the_encrypted_way_alone_is_chosen_by_who_came_that_way(app: Flask, owner: FlaskClient, house: House) -> None:
    """Over plain HTTP it is refused: nobody shuts themselves out. Chosen, it holds, and can be taken back."""
    assert owner.post("/settings/access", data={"https_only": "yes"}).status_code == 422
    assert not house.household.choices.access.https_only
    safe = app.test_client()
    encrypted(safe, "/login", "/login", name=OWNER, password=PASSWORD)
    assert encrypted(safe, "/settings", "/settings/access", https_only="yes").headers["Location"] == "/settings#access"
    assert owner.get("/settings").headers["Location"] == "https://localhost/settings"
    assert owner.post("/settings/home", data={}).status_code == 403
    assert owner.get("/certificates").status_code == 200
    encrypted(safe, "/settings", "/settings/access")
    assert owner.get("/settings").status_code == 200
