# SPDX-License-Identifier: GPL-2.0-or-later
"""Which wake words a house has."""

from collections.abc import Collection

from appliance.rules import Rules
from appliance.speakers.inventory import Entry, Inventory


def wake_words(inventory: Inventory, rules: Rules, others: Collection[str]) -> frozenset[str] | None:
    """Return the words that call a speaker of the house, and ``others``; None for all there are.

    All it is while no speaker is known, or where one is whose words nobody knows: a word that is missed accuses.
    """
    by_rule = {rule.id: rule.wake_words for rule in rules.speakers.rules}
    words: set[str] = set()
    speakers = [each for each in inventory.devices if each.watched]
    for speaker in speakers:
        own = _words(speaker, by_rule)
        if not own:
            return None
        words.update(own)
    return frozenset(words.union(others)) if speakers else None


def _words(speaker: Entry, by_rule: dict[str, tuple[str, ...]]) -> Collection[str]:
    return speaker.owner.wake_words or by_rule.get(speaker.speaker or "", ())
