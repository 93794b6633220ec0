# SPDX-License-Identifier: GPL-2.0-or-later
from html import unescape

from flask.testing import FlaskClient

from appliance.events import Device
from appliance.speakers.inventory import Entry
from web.house import House

HOSTILE = "<img src=x onerror=alert(1)>"
FRIDGE = "00:11:32:10:44:aa"


def text(client: FlaskClient, path: str = "/speakers") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def device(house: House, mac: str) -> Entry:
    return next(each for each in house.registry.inventory.devices if each.mac == mac)


def see(house: House, name: str = "fridge") -> None:
    house.registry.see([Device(0.0, FRIDGE, None, None, None, name, 0.0, ())], 1.0)


def test_every_speaker_and_every_other_device_is_listed(owner: FlaskClient, house: House) -> None:
    """Speakers on cards that lead to their pages, the others in a table by their addresses."""
    see(house)
    page = text(owner)
    for each in house.registry.inventory.devices:
        assert (f'href="/speakers/{each.mac}"' in page) == each.watched
        assert each.watched or each.mac in page


def test_names_from_the_network_are_text(owner: FlaskClient, house: House) -> None:
    """A device that calls itself by markup is shown, and does nothing."""
    see(house, HOSTILE)
    house.registry.put_room(HOSTILE)
    page = text(owner)
    assert HOSTILE not in page
    assert HOSTILE in unescape(page)


def test_any_device_can_be_declared_a_speaker_and_back(owner: FlaskClient, house: House) -> None:
    """The owner's word counts at once, and leads to the speaker's own page; ignoring takes it off the watch."""
    see(house)
    answer = owner.post(f"/speakers/{FRIDGE}/status", data={"status": "confirmed"})
    assert (answer.status_code, answer.location) == (303, f"/speakers/{FRIDGE}")
    assert device(house, FRIDGE).watched
    assert owner.post(f"/speakers/{FRIDGE}/status", data={"status": "ignored"}).location == "/speakers"
    assert not device(house, FRIDGE).watched
    assert "ignored" in text(owner)
    owner.post(f"/speakers/{FRIDGE}/status", data={"status": ""})
    assert device(house, FRIDGE).owner.status is None


def test_what_cannot_be_is_told_in_words(owner: FlaskClient, house: House) -> None:
    """An unknown address, or a word that nobody can say, changes nothing, and the page says so."""
    before = house.registry.inventory
    owner.post("/speakers/02:00:00:00:00:99/status", data={"status": "confirmed"})
    assert "not known any more" in text(owner)
    speaker = next(each for each in before.devices if each.watched)
    owner.post(f"/speakers/{speaker.mac}/status", data={"status": "adored"})
    assert "This cannot be kept: Input should be" in text(owner)
    assert house.registry.inventory == before


def test_rooms_are_made_once_and_removed(owner: FlaskClient, house: House) -> None:
    """The same name in other letters is the same room; without a name there is none."""
    for name in ("Attic", "ATTIC", "", "x" * 70):
        assert owner.post("/rooms", data={"room": name}).status_code == 303
    assert [each.name for each in house.registry.inventory.rooms if each.name.casefold() == "attic"] == ["Attic"]
    assert "A room needs a name" in text(owner)
    owner.post("/rooms/remove", data={"room": "Attic"})
    assert "Attic" not in {each.name for each in house.registry.inventory.rooms}


def test_a_viewer_sees_and_changes_nothing(viewer: FlaskClient, house: House) -> None:
    """No form is shown to those who may not use it, and none is taken from them."""
    page, before = text(viewer), house.registry.inventory
    assert "<form" not in page
    for path in ("/rooms", "/rooms/remove", f"/speakers/{FRIDGE}/status"):
        assert viewer.post(path, data={"room": "x", "status": "confirmed"}).status_code == 403
    assert house.registry.inventory == before
