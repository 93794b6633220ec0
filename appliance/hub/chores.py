# SPDX-License-Identifier: GPL-2.0-or-later
"""What the hub does at its times of day: messages that are old, the weekly summary, backups, certificates."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as clock
from functools import partial
from pathlib import Path

from appliance.disk import fill_file
from appliance.jobs import Daily, Job, Weekly
from appliance.language import later
from appliance.limits import BACKUPS_KEPT
from appliance.notify.office import Office
from appliance.report.words import size
from appliance.settings import Paths
from appliance.upkeep.backup import backup

#: What the name of a backup ends in.
ENDING = ".earwitness"


def chores(settings_file: Path, paths: Paths, office: Office, renew: Callable[[], str]) -> list[Job]:
    """Return the jobs; ``renew`` looks whether the certificates age."""
    copy = partial(keep_copy, settings_file, paths)
    return [
        Job("messages", later("Drops alerts that are old"), Daily(clock(3, 30)), office.tidy),
        Job("backup", later("Keeps a copy of everything here"), Weekly(clock(3, 40), 6), copy),
        Job("certificates", later("Renews certificates that age"), Daily(clock(3, 50)), renew),
        Job("weekly", later("Tells that Earwitness still watches"), Weekly(clock(9), 0), office.weekly),
    ]


def keep_copy(settings_file: Path, paths: Paths) -> str:
    """Keep a backup without secrets beside the ledger, and drop older ones. Raises BackupError, OSError."""
    folder = paths.state / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    now = time.time()
    path = folder / f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d-%H%M%S}{ENDING}"
    fill_file(path, backup(settings_file, paths, "", now))
    for old in sorted(folder.glob(f"*{ENDING}"))[:-BACKUPS_KEPT]:
        old.unlink()
    return f"{path.name}: {size(path.stat().st_size)}"
