# SPDX-License-Identifier: GPL-2.0-or-later
import json
import re

import pytest
from flask.testing import FlaskClient

from appliance.ledger import Reader
from web.api.days import Day
from web.house import House


def carried(page: str, name: str) -> str:
    """Return the data that a page carries under a name."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found
    return found[1]


def test_home_says_in_a_sentence_what_happened(owner: FlaskClient) -> None:
    """The worst of the newest day stands above everything, with the way to its page."""
    page = owner.get("/").text
    assert re.search(r'<h1 id="sentence">Your [^<]+ sent [^<]+\. Nobody said [^<]+\.</h1>', page)
    assert re.search(r'<a class="moment" href="/uploads/\d+"', page)
    assert "Simulated household." in page


def test_home_carries_the_day_as_the_api_gives_it(owner: FlaskClient) -> None:
    """The script draws from the data that programs get, and needs no second request."""
    day = Day.model_validate_json(carried(owner.get("/").text, "day"))
    assert day.lanes
    assert day.model_dump(mode="json") == owner.get(f"/api/v1/days/{day.date}").json


def test_home_has_everything_without_a_script(owner: FlaskClient) -> None:
    """The lanes are drawn by the server too, with links, and every event stands in the table with its page."""
    page = owner.get("/").text
    drawn = re.search(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert drawn
    day = json.loads(carried(page, "day"))
    unexplained = {upload[5] for lane in day["lanes"] for upload in lane["uploads"] if upload[4] == "unexplained"}
    assert unexplained
    assert any(f'href="/uploads/{id_}"' in drawn[1] for id_ in unexplained)
    assert all(f'<a href="/uploads/{id_}">' in page for id_ in unexplained)


def test_one_steps_through_the_days(owner: FlaskClient) -> None:
    """From a day of which nothing is known, one gets to those of which something is; and no further than to today."""
    page = owner.get("/?day=2020-01-01").text
    assert "Nobody watched on this day" in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page
    assert 'rel="next"' not in owner.get("/").text


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "9999-12-31", "0001-01-01", "<script>", "1900-01-01"])
def test_a_day_that_is_none_is_not_there(owner: FlaskClient, day: str) -> None:
    """Whatever stands for a day, the answer is a page."""
    assert owner.get("/", query_string={"day": day}).status_code == 404


def test_a_name_from_the_network_stays_text(owner: FlaskClient, house: House) -> None:
    """A device that calls itself a script is shown by that name, and runs nothing."""
    name = "<img src=x onerror=alert(1)></script>"
    with house.reader() as reader:
        (mac,) = _senders(reader)[:1]
    house.registry.correct(mac, {"name": name})
    page = owner.get("/").text
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert json.loads(carried(page, "words"))
    assert any(lane["name"] == name for lane in json.loads(carried(page, "day"))["lanes"])


def test_without_an_ear_home_says_what_is_missing(owner: FlaskClient, house: House) -> None:
    """A house with speakers and no ear learns what an ear would change."""
    for ear in house.registry.inventory.ears:
        house.registry.remove_ear(ear.name)
    assert ("There is no ear yet." in owner.get("/").text) is not bool(house.registry.inventory.ears)


def _senders(reader: Reader) -> list[str]:
    return [mac for (mac,) in reader.rows("SELECT DISTINCT device FROM upload ORDER BY device")]


def test_what_is_simulated_says_so_without_its_services(owner: FlaskClient, house: House) -> None:
    """Even where nothing runs, a day that never happened is shown as such, on each page."""
    (house.settings.paths.run / "capture.json").unlink()
    home = owner.get("/").text
    link = re.search(r'href="(/uploads/\d+)"', home)
    assert link
    for page in (home, owner.get("/uploads").text, owner.get(link[1]).text):
        assert "Simulated household." in page


def test_a_new_house_learns_what_comes_next(owner: FlaskClient, house: House) -> None:
    """Before any speaker is found, Home says how they are found and where to look."""
    for each in house.registry.inventory.devices:
        house.registry.forget(each.mac)
    page = owner.get("/?day=2020-01-01").text
    assert "No speaker found yet" in page
    assert 'id="lanes"' not in page


def test_a_ledger_that_cannot_be_read_is_told(owner: FlaskClient, house: House) -> None:
    """Where the ledger is gone, Home is a page that says so, not a stack of calls."""
    house.settings.paths.ledger.unlink()
    answer = owner.get("/")
    assert answer.status_code in {500, 503}
    assert "Traceback" not in answer.text
    assert "<main" in answer.text
