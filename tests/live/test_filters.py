# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.capture.bpf import Watched, everything, house
from appliance.events import Device
from appliance.limits import EVIDENCE_SPEAKERS, LEARNING_S, WATCH_ALL_BYTES
from appliance.live.filters import foremost, program, watched
from appliance.settings import Watch
from appliance.speakers.inventory import Entry, Found, Inventory, Owner, Status

NOW = 1_800_000_000.0
ECHO, PHONE, LAMP = "44:65:0d:00:00:01", "3c:2e:f9:00:00:02", "50:c7:bf:00:00:03"


def number(mac: str) -> int:
    return int(mac.replace(":", ""), 16)


def entry(mac: str, *, speaker: str | None = None, age: float = 0.0, owner: Owner | None = None) -> Entry:
    found = Found(speaker=speaker, first_seen=NOW - age, last_seen=NOW)
    return Entry(mac=mac, found=found, owner=owner or Owner())


def device(mac: str, speaker: str | None) -> Device:
    return Device(1.0, mac, speaker, None, None, None, 0.9, ())


def test_speakers_are_those_of_the_registry_and_those_just_found() -> None:
    """A speaker is watched as soon as it is recognised, without waiting for the registry."""
    inventory = Inventory((entry(ECHO, speaker="amazon-echo"),))
    whom = watched(inventory, [device(LAMP, "unknown-speaker"), device(PHONE, None)], NOW)
    assert whom.speakers == {number(ECHO), number(LAMP)}


def test_the_owner_has_the_last_word() -> None:
    """What the owner ignores is not watched, whatever it looks like; what the owner confirms is."""
    ignored, confirmed = Owner(status=Status.IGNORED), Owner(status=Status.CONFIRMED)
    inventory = Inventory((entry(ECHO, speaker="amazon-echo", owner=ignored), entry(PHONE, owner=confirmed)))
    whom = watched(inventory, [device(ECHO, "amazon-echo")], NOW)
    assert whom == Watched(frozenset({number(PHONE)}), frozenset({number(ECHO)}))


def test_a_device_is_learnt_after_a_day() -> None:
    """A device that showed nothing of a speaker for a day is not asked any more whom it talks to."""
    inventory = Inventory((entry(PHONE, age=LEARNING_S + 1), entry(LAMP, age=LEARNING_S - 1)))
    assert watched(inventory, [], NOW).learnt == {number(PHONE)}


def test_evidence_is_of_those_who_live_here() -> None:
    """Of a flood of speakers those are foremost of which the owner said something, then those known for longest."""
    flood = [entry(f"02:00:00:00:00:{each:02x}", speaker="x") for each in range(2 * EVIDENCE_SPEAKERS)]
    confirmed = Owner(status=Status.CONFIRMED)
    inventory = Inventory((*flood, entry(ECHO, speaker="amazon-echo", age=1.0), entry(LAMP, owner=confirmed)))
    strangers = {number(f"04:00:00:00:00:{each:02x}") for each in range(10)}
    first = foremost(inventory, inventory.watched() | strangers)
    assert len(first) == EVIDENCE_SPEAKERS
    assert first[:2] == [number(LAMP), number(ECHO)]
    assert {*foremost(Inventory(), frozenset(strangers))} == strangers


def test_the_filter_is_the_settings_choice() -> None:
    """Watching everything lets everything in, cut; else only speakers come in whole."""
    whom = Watched(frozenset({number(ECHO)}))
    assert program(Watch.EVERYTHING, whom) == everything(WATCH_ALL_BYTES)
    assert program(Watch.SPEAKERS, whom) == house(whom)
