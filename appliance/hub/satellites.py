# SPDX-License-Identifier: GPL-2.0-or-later
"""The ears of satellites in the registry: they come with their satellite, and go with it."""

from appliance.satellites.reception import ELSEWHERE
from appliance.satellites.roster import Roster
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from appliance.status import EarStatus, read_status


def settle_in(paths: Paths, registry: Registry) -> None:
    """Note the ears that satellites tell of, in the rooms that they say; drop those of satellites that are none now.

    What the owner says of an ear's room stays: it is noted once.
    """
    told = read_status(paths.run, ELSEWHERE, EarStatus)
    known = {each.name for each in registry.inventory.ears}
    satellites = {each.name for each in Roster(paths.satellites).satellites}
    for name, listening in (told.ears if told else {}).items():
        if name not in known and _satellite(name) in satellites:
            registry.put_ear(name, listening.room)
    for each in registry.inventory.ears:
        if "/" in each.name and not each.by_settings and _satellite(each.name) not in satellites:
            registry.remove_ear(each.name)


def _satellite(ear: str) -> str:
    return ear.partition("/")[0]
