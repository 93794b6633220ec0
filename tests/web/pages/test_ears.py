# SPDX-License-Identifier: GPL-2.0-or-later
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from appliance.certificates import home_certificates
from appliance.clocks import read_clocks, this_boot
from appliance.ledger import Reader
from appliance.satellites.codes import read_code
from appliance.satellites.roster import Roster
from appliance.status import EarStatus, Listening, Nearly, write_status
from web.app import create_app
from web.ears import Heard, heard_last
from web.house import House


def listening(house: House, **ears: Listening) -> None:
    """Have the ears' service say that these ears listen at this moment."""
    run = Path(house.settings.paths.run)
    boot = this_boot(run)
    now = boot.steady(read_clocks())
    status = EarStatus(
        service="ears", boot=boot.id, time=now, started_at=now, pid=1, state="listening", version="0", ears=ears
    )
    write_status(run, status)


def in_app(house: House, reader: Reader) -> list[Heard]:
    """Return what was heard today: the house's own day is one of its replay."""
    with create_app(house).test_request_context():
        return heard_last(house, reader, house.now() - 3600, house.now() + 60)


def text(client: FlaskClient, path: str = "/ears") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_every_ear_shows_its_level_and_its_state(owner: FlaskClient, house: House) -> None:
    """One that listens has its level; one that is muted says so; one whose service is silent does not listen now."""
    loud = Listening(covered_since=0.0, covered_until=0.0, level=-31.4)
    listening(house, loud=loud, shut=loud.model_copy(update={"level": -90.0, "state": "muted"}))
    ears = {each["ear"]: each for each in owner.get("/api/v1/status").get_json()["ears"]}
    assert (ears["loud"]["level"], ears["loud"]["state"]) == (-31.4, "listening")
    assert ears["shut"]["text"] == "muted"
    page = text(owner)
    assert 'value="-31.4"' in page
    assert page.count("not listening now") == len(house.registry.inventory.ears) > 0


def test_the_last_names_are_there_with_their_scores(owner: FlaskClient, house: House) -> None:
    """The newest first, as the ledger has them; the page and what its script is told say the same."""
    with house.reader() as reader:
        heard = reader.rows("SELECT word, ear, score FROM wake ORDER BY time DESC")
    rows = re.findall(r'<tr><td>[0-9:]+</td><td>(.+?)</td><th scope="row">(\S+).*?</th><td.*?>(.+?)</td>', text(owner))
    assert rows
    assert rows == [(ear, word, f"{score:.2f}") for word, ear, score in heard[: len(rows)]]


def test_near_misses_of_the_last_minute_are_told(house: House) -> None:
    """They are in no ledger; one that is older is nobody's business any more."""
    boot = this_boot(house.settings.paths.run)
    now = boot.steady(read_clocks())
    nearly = tuple(Nearly(time=now - ago, word=word, score=0.31) for ago, word in ((2.0, "echo"), (300.0, "ziggy")))
    listening(house, mic=Listening(covered_since=0.0, covered_until=0.0, nearly=nearly))
    with house.reader() as reader:
        found = [(each.word, each.near_miss) for each in in_app(house, reader)]
    assert ("echo", True) in found
    assert "ziggy" not in {word for word, _ in found}


def test_a_day_shows_when_they_listened(owner: FlaskClient, house: House) -> None:
    """A strip for each ear that reported, wide and narrow, and a table; what is no day is an error."""
    page = text(owner)
    with house.reader() as reader:
        ears = [ear for (ear,) in reader.rows("SELECT DISTINCT source FROM ears_coverage")]
    assert page.count('class="heard"') >= 2 * len(ears)
    assert "No ear listened on this day." in text(owner, "/ears?day=2020-01-01")
    assert owner.get("/ears?day=yesterday").status_code == 404


def test_the_owner_says_where_an_ear_is(owner: FlaskClient, house: House) -> None:
    """Whatever it is called; without a room it hears the whole home; forgotten, it is none of the home's."""
    owner.post("/ears/room", data={"ear": "attic/mic 1", "room": "Attic"})
    assert ("attic/mic 1", "Attic") in [(each.name, each.room) for each in house.registry.inventory.ears]
    owner.post("/ears/room", data={"ear": "attic/mic 1", "room": ""})
    assert ("attic/mic 1", None) in [(each.name, each.room) for each in house.registry.inventory.ears]
    owner.post("/ears/remove", data={"ear": "attic/mic 1"})
    assert "attic/mic 1" not in {each.name for each in house.registry.inventory.ears}


@pytest.mark.parametrize("name", ["", "capture", "a\x00b", "x" * 70])
def test_a_name_that_cannot_be_is_refused(owner: FlaskClient, house: House, name: str) -> None:
    """In words, and nothing is changed."""
    before = house.registry.inventory
    assert owner.post("/ears/room", data={"ear": name, "room": "x"}).status_code == 303
    assert house.registry.inventory == before
    assert 'role="alert"' in text(owner)


def test_a_viewer_sees_and_changes_nothing(viewer: FlaskClient) -> None:
    """Levels and words are for everybody who logged in, rooms for owners."""
    assert "<form" not in text(viewer)
    assert viewer.get("/api/v1/status").status_code == 200
    for path in ("/ears/room", "/ears/remove"):
        assert viewer.post(path, data={"ear": "x"}).status_code == 403


def test_a_satellite_is_invited_once_and_revoked(owner: FlaskClient, house: House, viewer: FlaskClient) -> None:
    """The answer shows what to type there, and no later page does; who is let out is listed no more."""
    paths = house.settings.paths
    home_certificates(paths.certificates, [], [], house.now())
    answer = owner.post("/ears/satellites")
    found = re.search(r"earwitness ears pair \S+ ([A-Z2-7-]+)", answer.get_data(as_text=True))
    assert (answer.status_code, found is not None) == (200, True)
    assert found is not None
    assert found[1] not in text(owner)
    boot = this_boot(paths.run)
    now = boot.steady(read_clocks())
    Roster(paths.satellites).admit(read_code(found[1]).secret, "bedroom", boot.id, now, house.now())
    assert "bedroom" in text(viewer)
    assert owner.post("/ears/satellites/revoke", data={"satellite": "bedroom"}).status_code == 303
    assert Roster(paths.satellites).satellites == ()
    owner.post("/ears/satellites/revoke", data={"satellite": "bedroom"})
    assert "There is no such satellite." in text(owner)
    assert {viewer.post(f"/ears/satellites{path}").status_code for path in ("", "/revoke")} == {403}


def test_without_certificates_nobody_is_invited(owner: FlaskClient) -> None:
    """It says what to do instead."""
    assert owner.post("/ears/satellites").status_code == 303
    assert "the hub has no certificates" in text(owner)
