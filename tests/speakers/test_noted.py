# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.events import Device
from appliance.limits import REGISTRY_SEEN_S
from appliance.speakers.inventory import Entry, Owner
from appliance.speakers.noted import noted

ECHO = Device(1.0, "00:11:22:33:44:55", "amazon-echo", "amazon", "Dot", "echo-7", 0.9, ("DHCP host name amazon-7",))
RANDOM = "02:11:22:33:44:55"


def note(device: Device, known: Entry | None = None, now: float = 100.0) -> Entry:
    entry = noted(device, known, now)
    assert entry is not None
    return entry


def test_random_addresses_are_noted_of_speakers_alone() -> None:
    """A phone shows a new address every day; a speaker behind one is still a speaker. What has no MAC is nobody."""
    assert noted(replace(ECHO, device=RANDOM, speaker=None), None, 1.0) is None
    assert noted(replace(ECHO, device="192.0.2.1"), None, 1.0) is None
    assert note(replace(ECHO, device=RANDOM)).speaker == "amazon-echo"
    assert note(replace(ECHO, speaker=None)).speaker is None


def test_a_random_address_that_the_owner_named_is_noted() -> None:
    """What the owner touched is kept up to date, whatever its address."""
    known = Entry(mac=RANDOM, owner=Owner(name="Guest"))
    assert note(replace(ECHO, device=RANDOM, speaker=None), known).owner == Owner(name="Guest")


def test_the_same_again_is_no_news() -> None:
    """A device that shows what it showed is noted once a day, so that the file is not written all the time."""
    entry = note(ECHO)
    assert noted(replace(ECHO, time=2.0), entry, 200.0) is None
    later = note(ECHO, entry, 100.0 + REGISTRY_SEEN_S)
    assert later.found is not None
    assert (later.found.first_seen, later.found.last_seen) == (100.0, 100.0 + REGISTRY_SEEN_S)
    assert note(replace(ECHO, name="Kitchen"), entry, 200.0).name == "Kitchen"


def test_a_speaker_stays_one_until_it_shows_something_else() -> None:
    """After a restart a device shows itself bit by bit: less than before takes nothing back, another speaker does."""
    entry = note(ECHO)
    weak = replace(ECHO, speaker=None, model=None, name=None, confidence=0.0, by=())
    assert noted(weak, entry, 200.0) is None
    assert noted(replace(weak, speaker="amazon-echo", confidence=0.4), entry, 200.0) is None
    assert note(replace(ECHO, speaker="google-nest", confidence=0.5), entry, 200.0).speaker == "google-nest"
    assert note(replace(ECHO, model="Dot 5", confidence=0.95), entry, 200.0).model == "Dot 5"
