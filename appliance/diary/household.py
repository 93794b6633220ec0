# SPDX-License-Identifier: GPL-2.0-or-later
"""Who stands where and hears whom, as the judge has it."""

from appliance.judge.household import Household
from appliance.ledger import Reader
from appliance.rules import WakeWords
from appliance.speakers.inventory import Inventory


def household(reader: Reader, inventory: Inventory, words: WakeWords) -> Household:
    """Return the household: what its owner says of it, and the ears that reported without being introduced."""
    found = Household(words)
    for fact in (*inventory.described(), *inventory.furniture()):
        found.feed(fact)
    for (ear,) in reader.rows("SELECT DISTINCT source FROM ears_coverage"):
        found.met(ear)
    return found
