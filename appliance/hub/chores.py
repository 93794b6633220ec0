# SPDX-License-Identifier: GPL-2.0-or-later
"""What the hub does at its times: what is old goes, what is kept is looked through and copied, the week is told."""

from collections.abc import Callable
from datetime import time as clock
from functools import partial
from pathlib import Path

from appliance.hub.clearing import Clearing
from appliance.jobs import Daily, Hourly, Job, Weekly
from appliance.language import later
from appliance.notify.office import Office
from appliance.settings import Paths
from appliance.upkeep.copies import keep_copy, look_through


def chores(
    settings_file: Path, paths: Paths, office: Office, clearing: Clearing, renew: Callable[[], str]
) -> list[Job]:
    """Return the jobs; ``renew`` looks whether the certificates age."""
    copy, look = partial(keep_copy, settings_file, paths), partial(look_through, paths)
    return [
        Job("retention", later("Drops facts that are older than you want"), Hourly(5), clearing.facts),
        Job("evidence", later("Drops captures that are older than you want"), Hourly(15), clearing.captures),
        Job("inspection", later("Looks through all that is kept for damage"), Weekly(clock(3, 20), 6), look),
        Job("messages", later("Drops alerts that are old"), Daily(clock(3, 30)), office.tidy),
        Job("backup", later("Keeps a copy of everything here"), Weekly(clock(3, 40), 6), copy),
        Job("certificates", later("Renews certificates that age"), Daily(clock(3, 50)), renew),
        Job("weekly", later("Tells that Earwitness still watches"), Weekly(clock(9), 0), office.weekly),
    ]
