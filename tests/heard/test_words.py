# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.heard.words import wake_words
from appliance.rules import load_rules
from appliance.speakers.inventory import Entry, Found, Inventory, Owner, Status

RULES = load_rules(None)


def house(*speakers: str | None, **owner: object) -> Inventory:
    found = [Found(speaker=each, first_seen=0.0, last_seen=0.0) for each in speakers]
    said = Owner.model_validate(owner)
    return Inventory(tuple(Entry(mac=f"aa:bb:cc:00:00:{at:02x}", found=f, owner=said) for at, f in enumerate(found)))


def test_the_words_of_the_house() -> None:
    """What the speakers of the house listen to is listened for, and what the settings add."""
    words = wake_words(house("amazon-echo", "apple-homepod"), RULES, ["jarvis"])
    assert words is not None
    assert {"alexa", "ziggy", "hey siri", "jarvis"} <= words
    assert "hey google" not in words


def test_the_owner_knows_better() -> None:
    """Whoever says which words a speaker has spares the others."""
    assert wake_words(house("amazon-echo", wake_words=("computer",)), RULES, ()) == frozenset({"computer"})


def test_all_words_while_something_is_unknown() -> None:
    """In a house without speakers, and beside a speaker whose words nobody knows, every word is listened for."""
    assert wake_words(Inventory(), RULES, ["jarvis"]) is None
    unknown = wake_words(house("amazon-echo", None, status=Status.CONFIRMED), RULES, ())
    assert unknown is None
    assert wake_words(house("amazon-echo", status=Status.IGNORED), RULES, ()) is None
