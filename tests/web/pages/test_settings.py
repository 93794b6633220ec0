# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient

from appliance.household import Evidence
from web.house import House


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
    assert not house.registry.inventory.probing.allowed
    assert owner.post("/settings/discovery", data={"allowed": "yes"}).status_code == 303
    assert house.registry.inventory.probing.allowed
    assert 'name="allowed" value="yes" checked' in owner.get("/settings").text
    owner.post("/settings/discovery", data={})
    assert not house.registry.inventory.probing.allowed


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
    assert page.count('<fieldset class="form" disabled>') == 3
    assert "/settings/forget" not in page
    assert viewer.post("/settings/home", data={"language": "de"}).status_code == 403
