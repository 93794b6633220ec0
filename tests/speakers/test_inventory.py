# SPDX-License-Identifier: GPL-2.0-or-later
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Device, Ear, Placement
from appliance.speakers.inventory import EarEntry, Entry, Found, Inventory, Owner, Room, Status, read_inventory

ECHO, LAMP, PHONE = "02:00:00:00:00:01", "00:11:22:33:44:55", "00:aa:bb:cc:dd:ee"
FOUND = Found(speaker="amazon-echo", vendor="amazon", model="Dot", name="echo-7", first_seen=5.0, last_seen=9.0)
OTHER = Found(vendor="lamps", first_seen=50.0, last_seen=90.0)


def device(mac: str, speaker: str | None = None) -> Device:
    return Device(1.0, mac, speaker, "amazon", "Dot", "echo-7", 0.8, ())


def test_the_owners_word_is_above_what_was_found() -> None:
    """Field by field: what the owner says, else what was found."""
    entry = Entry(mac=ECHO, found=FOUND, owner=Owner(name="Kitchen Echo", model="Show"))
    assert (entry.name, entry.model, entry.speaker) == ("Kitchen Echo", "Show", "amazon-echo")
    assert (Entry(mac=ECHO, found=FOUND).name, Entry(mac=ECHO).name) == ("echo-7", None)


def test_the_judge_gets_speakers_and_ears() -> None:
    """Speakers, found or declared, are placed; what is no speaker, or ignored, is not: a placement makes a speaker."""
    house = Inventory(
        devices=(
            Entry(mac=ECHO, found=FOUND, owner=Owner(room="kitchen", wake_words=("computer",))),
            Entry(mac=LAMP, found=OTHER),
            Entry(mac=PHONE, found=OTHER, owner=Owner(status=Status.CONFIRMED)),
            Entry(mac="00:00:00:00:00:09", found=FOUND, owner=Owner(status=Status.IGNORED)),
        ),
        ears=(EarEntry(name="kitchen-ear", room="kitchen"), EarEntry(name="all")),
    )
    assert house.furniture() == [
        Ear("kitchen-ear", "kitchen"),
        Ear("all"),
        Placement(ECHO, "kitchen", "echo-7", ("computer",)),
        Placement(PHONE),
    ]
    assert house.watched() == {0x020000000001, 0x00AABBCCDDEE}
    assert house.learnt(before=40.0) == {9}
    assert house.learnt(before=60.0) == {9, 0x001122334455}


def test_a_device_is_told_as_the_owner_says() -> None:
    """What was found of a device is corrected before anybody judges by it; an ignored one is no speaker."""
    house = Inventory(
        devices=(
            Entry(mac=ECHO, owner=Owner(speaker="google-nest", name="Hall")),
            Entry(mac=LAMP, owner=Owner(status=Status.IGNORED)),
            Entry(mac=PHONE, found=FOUND),
        )
    )
    found = device(ECHO, "amazon-echo")
    assert house.corrected(found) == replace(found, speaker="google-nest", name="Hall")
    assert house.corrected(device(LAMP, "amazon-echo")).speaker is None
    assert house.corrected(device(PHONE)) == device(PHONE)


def test_what_is_wrong_in_the_file_is_told_with_its_key() -> None:
    """A hand-edited file: each document that cannot be is left out, and named; the others stand."""
    house, problems = read_inventory(
        {
            "speakers": {
                "1": {"mac": ECHO},
                "2": {"mac": "kitchen"},
                "3": {"mac": LAMP, "owner": {"rooom": "hall"}},
                "4": {"mac": LAMP, "owner": {"room": "a\x1bb"}},
            },
            "rooms": ["kitchen"],
            "ears": {"7": {"name": "capture"}, "8": {"name": "hall"}},
            "users": {"1": "another's"},
        }
    )
    assert house == Inventory(devices=(Entry(mac=ECHO),), ears=(EarEntry(name="hall"),))
    assert [problem.split(": ")[0] for problem in problems] == [
        "speakers.2.mac",
        "speakers.3.owner.rooom",
        "speakers.4.owner.room",
        "rooms",
        "ears.7.name",
    ]


rooms = st.builds(Room, name=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=64))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["speakers", "rooms", "ears", "users"]), json_values))
def test_any_file_is_read(tables: dict[str, object]) -> None:
    """Whatever JSON a file holds: a household and words come out, no exception."""
    house, _ = read_inventory(tables)
    assert isinstance(house, Inventory)


@given(st.builds(Entry, mac=st.from_regex(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", fullmatch=True)), rooms)
def test_documents_come_back_from_json(entry: Entry, room: Room) -> None:
    """A document written as JSON and read again is the same."""
    tables = {
        "speakers": {"1": entry.model_dump(mode="json")},
        "rooms": {"1": room.model_dump(mode="json")},
    }
    assert read_inventory(json.loads(json.dumps(tables))) == (Inventory(devices=(entry,), rooms=(room,)), [])
