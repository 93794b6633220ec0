# SPDX-License-Identifier: GPL-2.0-or-later
"""What the hub does at its times: what is old goes, what is kept is looked through and copied, the week is told."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time as clock
from functools import partial
from pathlib import Path

from appliance.events import CAPTURE
from appliance.hub.clearing import Clearing
from appliance.hub.newest import Newest
from appliance.jobs import Daily, Hourly, Job, Weekly
from appliance.language import later
from appliance.notify.office import Office
from appliance.notify.premises import Premises
from appliance.settings import Paths
from appliance.speakers.registry import Registry
from appliance.status import CaptureStatus, read_status
from appliance.upkeep.copies import keep_copy, look_through


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does them."""

    office: Office
    clearing: Clearing
    newest: Newest
    renew: Callable[[], str]  #: looks whether the certificates age


def chores(settings_file: Path, premises: Premises, hands: Hands) -> list[Job]:
    """Return the jobs."""
    paths, clearing = premises.paths, hands.clearing
    copy, look = partial(keep_copy, settings_file, paths), partial(look_through, paths)
    ask = partial(ask_devices, paths, premises.registry)
    return [
        Job("retention", later("Drops facts that are older than you want"), Hourly(5), clearing.facts, clearing.end),
        Job("evidence", later("Drops captures that are older than you want"), Hourly(15), clearing.captures),
        Job("inspection", later("Looks through all that is kept for damage"), Weekly(clock(3, 20), 6), look),
        Job("messages", later("Drops alerts that are old"), Daily(clock(3, 30)), hands.office.rounds.tidy),
        Job("backup", later("Keeps a copy of everything here"), Weekly(clock(3, 40), 6), copy),
        Job("certificates", later("Renews certificates that age"), Daily(clock(3, 50)), hands.renew),
        Job("discovery", later("Asks devices what they are, if you allow it"), Daily(clock(4, 30)), ask),
        Job("weekly", later("Tells that Earwitness still watches"), Daily(clock(9)), hands.office.rounds.weekly),
        Job("updates", later("Asks for a newer version, if you want that"), Daily(clock(12, 5)), hands.newest.ask),
    ]


def ask_devices(paths: Paths, registry: Registry) -> str:
    """Ask the capture service to ask devices what they are; say what came of it the last time. Raises RegistryError."""
    if not registry.inventory.probing.allowed:
        return "not allowed, on the page Settings"
    registry.ask_probing(time.time())
    capture = read_status(paths.run, CAPTURE, CaptureStatus)
    return f"asked for; the last time: {(capture and capture.probed) or 'nothing yet'}"
