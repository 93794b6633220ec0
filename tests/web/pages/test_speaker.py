# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from flask.testing import FlaskClient

from appliance.diary.exposed import exposed
from appliance.speakers.inventory import Entry
from web.house import House

LEARNT = {"time": 9.0, "commands": 5, "remote": "192.0.2.7", "rate": 5900.0, "delay_s": 0.4, "spread_s": 0.2}


@pytest.fixture
def speaker(house: House) -> Entry:
    """A speaker of the house that has uploads."""
    with house.reader() as reader:
        rows = reader.rows("SELECT device FROM upload GROUP BY device ORDER BY count(*) DESC LIMIT 1")
    return next(each for each in house.registry.inventory.devices if each.mac == rows[0][0])


def known(house: House, mac: str) -> Entry:
    return next(each for each in house.registry.inventory.devices if each.mac == mac)


def text(client: FlaskClient, speaker: Entry) -> str:
    answer = client.get(f"/speakers/{speaker.mac}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page_tells_what_the_ledger_knows(owner: FlaskClient, house: House, speaker: Entry) -> None:
    """Its hosts, its days as a picture and as a table, its transport check, its names with their figures."""
    page = text(owner, speaker)
    with house.reader() as reader:
        hosts = reader.rows("SELECT DISTINCT coalesce(host, remote) FROM upload WHERE device = ?", (speaker.mac,))
        things = exposed(reader, speaker.mac)
    assert hosts
    assert things
    assert all(host in page for (host,) in hosts)
    assert "It asks for host names in plain text" in page
    assert page.count('class="picture chart') == 2
    assert "Uploads by day" in page


def test_what_the_owner_says_is_kept(owner: FlaskClient, house: House, speaker: Entry) -> None:
    """Name, room, kind and the names that it listens to; an empty field takes it back."""
    said = {"name": "Tea room", "room": "kitchen", "speaker": "sonos", "wake_words": ["alexa"], "word": "Hey House, "}
    answer = owner.post(f"/speakers/{speaker.mac}", data=said)
    assert (answer.status_code, answer.location) == (303, f"/speakers/{speaker.mac}")
    kept = known(house, speaker.mac).owner
    assert (kept.name, kept.room, kept.speaker) == ("Tea room", "kitchen", "sonos")
    assert kept.wake_words == ("alexa", "hey house")
    assert "Tea room" in text(owner, speaker)
    owner.post(f"/speakers/{speaker.mac}", data={})
    kept = known(house, speaker.mac).owner
    assert (kept.name, kept.room, kept.speaker, kept.wake_words) == (None, None, None, ())


@pytest.mark.parametrize(("field", "value"), [("name", "x" * 65), ("room", "a\x07b"), ("word", "y" * 65)])
def test_what_cannot_be_kept_is_told_at_its_field(
    owner: FlaskClient, house: House, speaker: Entry, field: str, value: str
) -> None:
    """The page comes back with what was typed and with what is wrong, beside the field; nothing is changed."""
    before = house.registry.inventory
    answer = owner.post(f"/speakers/{speaker.mac}", data={field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in page
    assert "This cannot be kept" in page
    assert house.registry.inventory == before


def test_a_calibration_is_shown_and_can_be_forgotten(owner: FlaskClient, house: House, speaker: Entry) -> None:
    """What was learnt stands on the page, with the word that it narrows nothing."""
    house.registry.learn(speaker.mac, LEARNT)
    page = text(owner, speaker)
    assert "192.0.2.7" in page
    assert "it narrows nothing that is judged" in page
    assert owner.post(f"/speakers/{speaker.mac}/forget-calibration").status_code == 303
    assert known(house, speaker.mac).learnt is None


def test_an_unknown_speaker_has_no_page(owner: FlaskClient, viewer: FlaskClient, speaker: Entry) -> None:
    """Neither has anything that is no address; and a viewer sees a known one without its forms."""
    for mac in ("02:00:00:00:00:99", "%2e%2e", "x" * 300):
        assert owner.get(f"/speakers/{mac}").status_code == 404
        assert owner.post(f"/speakers/{mac}", data={"name": "x"}).status_code == 404
    assert "<form" not in text(viewer, speaker)
    assert viewer.post(f"/speakers/{speaker.mac}", data={"name": "x"}).status_code == 403
