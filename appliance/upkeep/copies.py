# SPDX-License-Identifier: GPL-2.0-or-later
"""The copies of everything that are kept beside the ledger; and whether all that is kept here can still be read."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from appliance.disk import fill_file
from appliance.household.file import load as load_household
from appliance.ledger import LedgerError, inspect
from appliance.limits import BACKUPS_KEPT
from appliance.report.words import size
from appliance.settings import Paths
from appliance.speakers.registry_file import RegistryError
from appliance.speakers.registry_file import load as load_registry
from appliance.upkeep.archive import ArchiveError, read_parts
from appliance.upkeep.backup import backup

#: What the name of a copy ends in.
ENDING = ".earwitness"


class DamageError(Exception):
    """Something that is kept here is damaged; says what."""


def keep_copy(settings_file: Path, paths: Paths) -> str:
    """Keep a backup without secrets beside the ledger, and drop older ones. Raises BackupError, OSError."""
    folder = paths.state / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    now = time.time()
    path = folder / f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d-%H%M%S}{ENDING}"
    fill_file(path, backup(settings_file, paths, "", now))
    for old in _copies(paths)[:-BACKUPS_KEPT]:
        old.unlink()
    return f"{path.name}: {size(path.stat().st_size)}"


def look_through(paths: Paths) -> str:
    """Read all that is kept: ledger, registry, choices, and the newest copy. Raises DamageError if any is damaged."""
    if problems := list(_problems(paths)):
        raise DamageError("; ".join(problems))
    return "all of it can be read"


def _problems(paths: Paths) -> Iterator[str]:
    try:
        yield from load_registry(paths.registry)[2]
    except RegistryError as error:
        yield str(error)
    yield from load_household(paths.household)[1]
    try:
        if damage := inspect(paths.ledger):
            yield f"{paths.ledger}: {damage}"
    except LedgerError as error:
        yield str(error)
    for newest in _copies(paths)[-1:]:
        try:
            _read(newest)
        except (ArchiveError, OSError) as error:
            yield f"{newest}: {error}"


def _read(copy: Path) -> None:
    with copy.open("rb") as file:
        for _, _, content in read_parts(file):
            for _ in content:
                pass


def _copies(paths: Paths) -> list[Path]:
    """Return the copies that there are, the oldest first."""
    return sorted((paths.state / "backups").glob(f"*{ENDING}"))
