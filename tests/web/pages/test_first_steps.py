# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask import Flask
from flask.testing import FlaskClient

from appliance.status import EarStatus, Listening, write_status
from tests.web.conftest import OWNER, PASSWORD, with_forms
from web.house import House
from web.pages.first_steps import qr
from web.steps import STEPS

LATER = [*STEPS][2:]


@pytest.mark.parametrize("step", LATER)
def test_each_step_leads_on(owner: FlaskClient, step: str) -> None:
    """Each page is there for owners, says which step it is, and can be left for the dashboard."""
    page = owner.get(f"/setup/{step}", follow_redirects=True)
    assert page.status_code == 200
    assert f"Step {[*STEPS].index(step) + 1} of {len(STEPS)}" in page.text
    assert "/setup/finish" in page.text


def test_the_first_run_is_taken_up_where_it_was_left(
    app: Flask, owner: FlaskClient, visitor: FlaskClient, house: House
) -> None:
    """Whoever logs in again while it is not finished is where they were; afterwards they are at home."""
    house.accounts.reach("placement")
    owner.get("/setup/ears")
    right = {"name": OWNER, "password": PASSWORD}
    assert visitor.post("/login", data=right).headers["Location"] == "/setup/ears"
    assert owner.post("/setup/finish").headers["Location"] == "/"
    assert with_forms(app, visitor).post("/login", data=right).headers["Location"] == "/"
    owner.get("/setup/ears")
    assert house.accounts.unfinished == "", "to come back to a step does not begin anew"


def test_a_placement_that_the_settings_do_not_have_is_explained(owner: FlaskClient) -> None:
    """What is as the settings say leads on; else the page says what to write into them."""
    assert owner.post("/setup/placement", data={"placement": "bridge"}).headers["Location"] == "/setup/speakers"
    page = owner.post("/setup/placement", data={"placement": "mirror"})
    assert page.status_code == 200
    assert "placement = &#34;mirror&#34;" in page.text
    assert owner.post("/setup/placement", data={"placement": "nonsense"}).status_code == 303


def test_speakers_get_the_names_that_people_use(owner: FlaskClient, house: House) -> None:
    """A name and a room are kept; what is no speaker is not watched any more; a name as found is not the owner's."""
    first, second, third = [each for each in house.registry.inventory.devices if each.watched][:3]
    said = {
        f"name-{first.mac}": "Attic",
        f"room-{first.mac}": " attic ",
        f"name-{second.mac}": "x",
        f"none-{second.mac}": "1",
        f"name-{third.mac}": (third.found.name if third.found else "") or "",
    }
    assert owner.post("/setup/speakers", data=said).headers["Location"] == "/setup/ears"
    now = {each.mac: each for each in house.registry.inventory.devices}
    assert (now[first.mac].name, now[first.mac].owner.room) == ("Attic", "attic")
    assert not now[second.mac].watched
    assert now[third.mac].owner.name is None


def test_a_name_that_cannot_be_is_said(owner: FlaskClient, house: House) -> None:
    """The page comes back with what is wrong."""
    mac = next(each.mac for each in house.registry.inventory.devices if each.watched)
    answer = owner.post("/setup/speakers", data={f"name-{mac}": "x" * 200, f"room-{mac}": ""})
    assert answer.headers["Location"] == "/setup/speakers"


def test_ears_are_placed_and_shown_as_they_are(owner: FlaskClient, house: House) -> None:
    """An ear that listens shows its level; its room is kept."""
    ear = house.registry.inventory.ears[0].name
    assert "Not listening" in owner.get("/setup/ears").text
    now = Listening(covered_since=0.0, covered_until=1.0, level=-42.0)
    boot = this_boot_of(house)
    told = EarStatus(
        service="ears", boot=boot, time=1.0, started_at=0.0, pid=1, state="x", version="1", ears={ear: now}
    )
    write_status(house.settings.paths.run, told)
    assert 'value="-42.0"' in owner.get("/setup/ears").text
    assert owner.post("/setup/ears", data={f"room-{ear}": "cellar"}).headers["Location"] == "/setup/phone"
    assert next(each.room for each in house.registry.inventory.ears if each.name == ear) == "cellar"


def this_boot_of(house: House) -> str:
    from appliance.clocks import this_boot  # noqa: PLC0415 - only here

    return this_boot(house.settings.paths.run).id


def test_the_phone_gets_the_address_as_a_picture(owner: FlaskClient) -> None:
    """The address by which the page was reached, which surely works, as a QR code without any text of its own."""
    page = owner.get("/setup/phone").text
    assert "<b>http://localhost/</b>" in page
    assert 'class="qr"' in page
    assert "<script" not in qr("<script>alert(1)</script>")
