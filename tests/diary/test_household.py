# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.diary.household import household
from appliance.ledger import Reader
from appliance.rules import WakeWords
from appliance.speakers.inventory import EarEntry, Inventory


def test_ears_that_nobody_introduced_hear_the_whole_home(reader: Reader, inventory: Inventory) -> None:
    """An ear that reported counts for every speaker until somebody says where it is; then for its room."""
    ears = {ear for (ear,) in reader.rows("SELECT DISTINCT source FROM ears_coverage")}
    speaker = next(each.mac for each in inventory.devices if each.owner.room)
    first, *others = sorted(ears)
    strangers = household(reader, replace(inventory, ears=()), WakeWords({}, ()))
    assert set(strangers.ears_near(speaker)) == ears
    elsewhere = replace(inventory, ears=(EarEntry(name=first, room="the attic"),))
    assert set(household(reader, elsewhere, WakeWords({}, ())).ears_near(speaker)) == set(others)
